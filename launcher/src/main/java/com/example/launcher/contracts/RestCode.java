package com.example.launcher.contracts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.OpenApi.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Where the code answers the operations of a service, and where others call them.
 */
final class RestCode {

	private static final Set<String> KINDS = Set.of("java", "yml", "yaml", "html", "js", "properties");

	private static final Pattern MAPPING = Pattern
		.compile("@(Get|Put|Post|Delete|Patch|Request)Mapping\\b(?:\\(([^\")]*\"([^\"]*)\")?)?");

	private static final Pattern COMMENT = Pattern.compile("\\s*(//|#|\\*|/\\*|<!--).*");

	// Paths that the gateway gives to a service, and that a service asks it for.
	private static final Pattern PUBLISHED = Pattern.compile("(?:Path=|public=)(/\\w\\S*)");

	private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

	// What stands in a path for a variable, or behind a literal that ends before it.
	private static final String VALUE = "(?:[^/\\s\"'`?,]+|\"\\s*\\+[^\"]*\"?)";

	private final String module;

	private final Map<String, List<String>> files;

	RestCode(Workspace workspace, String service) {
		this.module = workspace.module(service) + "/";
		this.files = read(workspace.root());
	}

	private static Map<String, List<String>> read(Path root) {
		Map<String, List<String>> files = new TreeMap<>();
		for (Path file : Sources.in(root)) {
			String path = root.relativize(file).toString().replace('\\', '/');
			if (KINDS.contains(path.substring(path.lastIndexOf('.') + 1))) {
				files.put(path, Sources.lines(file));
			}
		}
		return files;
	}

	/** Where an operation is answered, unless its path is put together in another way. */
	Optional<Place> answer(Operation operation) {
		return files.keySet()
			.stream()
			.filter((file) -> file.startsWith(module) && file.endsWith(".java"))
			.flatMap((file) -> answers(file).entrySet()
				.stream()
				.filter((answer) -> answer.getValue()
					.equals(operation.method() + " " + OpenApi.withoutNames(operation.name())))
				.map((answer) -> new Place(file, answer.getKey())))
			.findFirst();
	}

	/** The operations of a file by their lines. */
	private Map<Integer, String> answers(String file) {
		Map<Integer, String> answers = new TreeMap<>();
		String prefix = "";
		int line = 0;
		for (String text : lines(file)) {
			line++;
			Matcher mapping = MAPPING.matcher(text);
			if (mapping.find()) {
				String path = Optional.ofNullable(mapping.group(3)).filter((found) -> found.startsWith("/")).orElse("");
				if (mapping.group(1).equals("Request")) {
					prefix = path;
				}
				else {
					answers.put(line,
							mapping.group(1).toUpperCase(Locale.ROOT) + " " + OpenApi.withoutNames(prefix + path));
				}
			}
		}
		return answers;
	}

	/**
	 * Who calls an operation: the gateway, for everybody outside, and what names its
	 * path.
	 * @param paths those of the whole API
	 */
	List<Caller> callers(Operation operation, Set<String> paths) {
		List<Caller> callers = new ArrayList<>();
		files.keySet()
			.stream()
			.filter((file) -> file.matches("(gateway/|%s).*\\.ya?ml".formatted(Pattern.quote(module))))
			.flatMap((file) -> lines(file, (text) -> isPublished(text, operation))
				.map((line) -> new Caller("gateway, for all who call from outside", file, line, operation.toString())))
			.findFirst()
			.ifPresent(callers::add);
		String path = Arrays.stream(VARIABLE.split(operation.name(), -1))
			.map(Pattern::quote)
			.collect(Collectors.joining(VALUE));
		Pattern call = Pattern.compile("(?:\\b(GET|PUT|POST|DELETE|PATCH) )?(%s)(?![\\w/{-])".formatted(path));
		// Java has sentences in quotes, too: a call begins with the path, or what is
		// before it has no blank.
		Pattern callInJava = Pattern.compile("\"[^\"\\s]*?" + call.pattern());
		for (String file : files.keySet()) {
			if (!file.startsWith(module)) {
				Pattern pattern = file.endsWith(".java") ? callInJava : call;
				callers.addAll(lines(file,
						(text) -> !COMMENT.matcher(text).matches() && !PUBLISHED.matcher(text).find()
								&& pattern.matcher(text)
									.results()
									.anyMatch((found) -> isFor(operation, paths, found.group(1), found.group(2))))
					.map((line) -> new Caller(file.replaceFirst("/src/main/.*", ""), file, line, operation.toString()))
					.toList());
			}
		}
		return callers;
	}

	private Stream<Integer> lines(String file, Predicate<String> condition) {
		List<String> lines = lines(file);
		return IntStream.range(0, lines.size())
			.filter((line) -> condition.test(lines.get(line)))
			.mapToObj((line) -> line + 1);
	}

	private static boolean isPublished(String text, Operation operation) {
		Matcher published = PUBLISHED.matcher(text);
		return published.find() && Arrays.stream(published.group(1).split(",", -1))
			.map((path) -> path.replaceFirst("/\\*\\*$", ""))
			.anyMatch((path) -> operation.name().equals(path) || operation.name().startsWith(path + "/"));
	}

	/** A path without variables goes before one that has them. */
	private static boolean isFor(Operation operation, Set<String> paths, @Nullable String method, String path) {
		return (method == null || method.equals(operation.method()))
				&& (operation.name().equals(path) || !paths.contains(path));
	}

	private List<String> lines(String file) {
		return files.getOrDefault(file, List.of());
	}

	/**
	 * A line of a file.
	 */
	record Place(String file, int line) {
	}

}
