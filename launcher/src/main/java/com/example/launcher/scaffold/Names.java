package com.example.launcher.scaffold;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.lang.model.SourceVersion;

import com.example.launcher.process.LocalSystemException;

/**
 * The two names that everything of this repository bears.
 *
 * @param group of Maven, and the package that all others are in
 * @param project of the root artifact; artifacts, keys, metrics and images begin with it
 */
record Names(String group, String project) {

	private static final Pattern GROUP = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)+");

	private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9]*");

	/** What Spring's own keys begin with. */
	private static final Set<String> TAKEN = Set.of("debug", "info", "logging", "management", "server", "spring",
			"springdoc", "trace");

	/** The present names. */
	static Names of(WorkTree tree) {
		String pom = tree.read("pom.xml").replaceFirst("(?s)<parent>.*?</parent>", "");
		return new Names(first(pom, "groupId"), first(pom, "artifactId"));
	}

	/**
	 * Refuses names that code cannot bear, or that something else bears.
	 * @throws LocalSystemException if one of them is such a name
	 */
	void requireUsable(WorkTree tree) {
		require(GROUP.matcher(group).matches() && Stream.of(group.split("\\.", -1)).noneMatch(SourceVersion::isKeyword),
				group,
				"is no package: it has lower-case words of letters and digits with dots between them, none of Java's own, such as com.acme");
		require(PROJECT.matcher(project).matches() && !SourceVersion.isKeyword(project), project,
				"is no name of a project: it is one lower-case word of letters and digits, none of Java's own, such as shop");
		String packages = ".*/%s/%s/.*".formatted(of(tree).group.replace('.', '/'), project);
		String keys = "\\n%s:|\"%s\\.".formatted(project, project);
		require(!TAKEN.contains(project) && (project.equals(of(tree).project) || tree.remaining()
			.stream()
			.noneMatch((file) -> file.matches("(.*/)?%s(/src/.*|/pom\\.xml|\\.ya?ml)".formatted(project))
					|| file.matches(packages)
					|| (file.startsWith("config-repo/")
							&& ("\n" + tree.read(file)).matches("(?s).*(" + keys + ").*")))),
				project, "is taken already, by a module, a package or keys. Choose another one");
	}

	/**
	 * Writes these names wherever a text or a path has the others.
	 * @param artifacts those that begin with the other project's name
	 */
	UnaryOperator<String> inPlaceOf(Names other, Set<String> artifacts) {
		String own = artifacts.stream()
			.map((artifact) -> artifact.substring(other.project.length()))
			.collect(Collectors.joining("|"));
		Pattern place = Pattern.compile(Stream.of(
				// packages
				"(?<=\\b%s\\\\?[./])PROJECT\\b".formatted(group.replace(".", "\\\\?[./]")),
				// artifacts, and the root one with its name
				"\\bPROJECT(?=(%s)\\b)".formatted(own), "(?<=<(artifactId|name)>)PROJECT(?=</)",
				// in Kubernetes
				"(?<=\\b(part-of|namespace|name): )PROJECT(?=\\s|$)", "(?<=(namespace|-n) )PROJECT\\b",
				// images, keys in Consul, folders of caches, references of git
				"(?<![\\w./-])PROJECT(?=/[a-z${])", "(?<=(registry\\.example\\.com|\\.cache|refs)/)PROJECT(?=/)",
				// keys, also as options, and sections of YAML
				"((?<=\\\\n)|(?<![\\w./]|[^-]-))PROJECT(?=\\.[a-z\"`])",
				"((?<=\\\\n)|(?<![\\w.-]))PROJECT(?=:(\\s|\\\\n|\"|$))", "(?<=\")PROJECT(?=\")",
				// metrics
				"\\bPROJECT(?=_[a-z])")
			.map((expression) -> expression.replace("PROJECT", other.project))
			.collect(Collectors.joining("|")), Pattern.MULTILINE);
		Pattern variable = Pattern.compile("(?<![\\w.])%s(?=[_.][A-Z]|_[\"`])".formatted(upper(other.project)));
		return (text) -> {
			String changed = text;
			for (String dot : List.of(".", "/", "\\.")) {
				String from = other.group.replace(".", dot);
				changed = replaced(changed, from, Pattern.compile("\\b%s\\b".formatted(Pattern.quote(from))),
						group.replace(".", dot));
			}
			changed = replaced(changed, other.project, place, project);
			return replaced(changed, upper(other.project), variable, upper(project));
		};
	}

	// To search for the word first is much faster than an expression that looks around.
	private static String replaced(String text, String word, Pattern place, String other) {
		Matcher matcher = place.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
		StringBuilder changed = new StringBuilder();
		int end = 0;
		for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
			if (matcher.region(at, text.length()).lookingAt()) {
				changed.append(text, end, at).append(other);
				end = at + word.length();
			}
		}
		return changed.append(text, end, text.length()).toString();
	}

	/** The artifacts that begin with the name of the project. */
	Set<String> artifacts(WorkTree tree) {
		return Modules.of(tree::read)
			.byArtifact()
			.keySet()
			.stream()
			.filter((artifact) -> artifact.startsWith(project + "-"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String upper(String name) {
		return name.toUpperCase(Locale.ROOT);
	}

	private static String first(String pom, String element) {
		Matcher found = Pattern.compile("<%1$s>([^<]+)</%1$s>".formatted(element)).matcher(pom);
		if (!found.find()) {
			throw new LocalSystemException("pom.xml has no " + element + ". Add it first.");
		}
		return found.group(1);
	}

	private static void require(boolean condition, String name, String problem) {
		if (!condition) {
			throw new LocalSystemException("'%s' %s.".formatted(name, problem));
		}
	}

}
