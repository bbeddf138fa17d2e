package com.example.launcher.scaffold;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.RestContracts;
import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.Programs;
import org.jspecify.annotations.Nullable;

/**
 * One change of the repository, which is planned first. Nothing is written before
 * {@link #apply}, which writes all or nothing. Refuses to begin while something is not
 * committed, so that git can take the change back.
 */
public final class Scaffold {

	private static final String MAP = "docs/map.md";

	private static final String RELEASED = "contracts/released.json";

	private static final String REFERENCE = "The reference of all keys takes it in with: ./dev config keys --markdown > docs/configuration.md (while ./dev up runs)";

	private static final Pattern REMOVE = Pattern.compile("(?ms)^## Remove$(.*?)(?=^## |\\z)");

	private static final Pattern LINK = Pattern.compile("\\[([^]\n]*)]\\(([^)#:\\s]+)(#[^)]*)?\\)");

	private static final Pattern LISTED = Pattern.compile("(?m)^- `([^`]+)`");

	private final Workspace workspace;

	private final WorkTree tree;

	private final List<String> advice = new ArrayList<>();

	// The module whose sources are to be formatted: empty for all, null for none.
	private @Nullable String formatted;

	// Whose folder keeps what was built, when its sources have gone.
	private @Nullable String removed;

	/**
	 * Reads the repository.
	 * @throws LocalSystemException if something is not committed
	 */
	public Scaffold(Workspace workspace) {
		this.workspace = workspace;
		this.tree = new WorkTree(workspace);
	}

	/**
	 * Plans a new service.
	 * @param name its name, with or without {@code -service}
	 * @param called the service that it calls, {@code null} for none
	 * @throws LocalSystemException if it cannot be called so, or something of it is there
	 */
	public void newService(String name, Set<Capability> capabilities, @Nullable String called) {
		ServiceName parsed = ServiceName.parse(name);
		NewService service = new NewService(tree, workspace, parsed, capabilities,
				(called != null) ? ServiceName.parse(called) : null);
		service.plan();
		drawMap();
		formatted = "services/" + parsed.service();
		advice.add("Open first: services/%s/README.md".formatted(parsed.service()));
		if (capabilities.contains(Capability.REST)) {
			advice
				.add("Then: ./dev up, and in another terminal: curl \"http://127.0.0.1:8080/api/%s/greeting?name=Ada\""
					.formatted(parsed.plural()));
		}
		else {
			advice.add("Then: ./dev up. The page that ./dev open shows tells how its methods are called with grpcurl.");
		}
		advice.add(REFERENCE);
	}

	/**
	 * Plans a migration of a service's database.
	 * @param words what it does
	 * @throws LocalSystemException if the service has none, or the words name no file
	 */
	public void newMigration(String service, String words) {
		advice.add("Write the SQL: " + new NewParts(tree, workspace, service).migration(words));
	}

	/**
	 * Plans a method of a service's contract.
	 * @param stream whether it answers with a stream
	 * @throws LocalSystemException if the service has no contract, or a method of that
	 * name
	 */
	public void newMethod(String service, String name, boolean stream) {
		advice.add("Fill in the messages, and what it does: "
				+ new NewParts(tree, workspace, service).method(name, stream));
		formatted = "services/" + service;
	}

	/**
	 * Plans a live value of a service.
	 * @param key its key, such as {@code users.search-limit}, or the end of it if the
	 * service has one live record
	 * @param value its default
	 * @param meaning a sentence that says what it is
	 * @throws LocalSystemException if the service has no live record with such keys, or
	 * the value is none of that type
	 */
	public void newLiveValue(String service, String key, NewLiveValue.Type type, String value, String meaning) {
		advice.add("Use it: " + new NewLiveValue(tree, workspace, service).add(key, type, value, meaning));
		advice.add(REFERENCE);
		formatted = "services/" + service;
	}

	/**
	 * Plans the end of a service.
	 * @throws LocalSystemException if there is none, or others need it
	 */
	public void removeService(String name) {
		requireService(workspace, name);
		tree.delete("services/" + name);
		tree.delete("config-repo/" + name + ".yml");
		tree.delete(RestContracts.file(name));
		NewService.OWN_FILES.forEach((file) -> tree.delete(file.formatted(name)));
		NewService.LISTS.stream()
			.filter(tree::has)
			.forEach((list) -> tree.edit(list, (text) -> new Passages(text, name).without()));
		String words = name.replaceFirst("-service$", "");
		String contract = Contract.folder(new ServiceName(words));
		tree.delete(contract);
		drawMap();
		Pattern uses = Pattern.compile("(?<![\\w-])%s(?!\\w|-service)|\\bcontracts\\.%s\\b|\"%s/v".formatted(
				Pattern.quote(name), Pattern.quote(words.replace("-", "")), Pattern.quote(words.replace('-', '_'))));
		List<String> users = tree.remaining()
			.stream()
			// What knows no service still names some, in tests, examples and pages; and
			// what was released is told below.
			.filter((file) -> !file.equals(RELEASED))
			.filter((file) -> !file
				.matches("(launcher/src|starters|config-centre)/.*|gateway/src/test/.*|.*\\.(md|html)"))
			.filter((file) -> uses.matcher(tree.read(file)).find())
			.toList();
		Uses.requireNone(name + " is still named in", users);
		unlink();
		removed = "services/" + name;
		if (tree.has(RELEASED) && tree.read(RELEASED).contains("\"" + words.replace('-', '_') + "/")) {
			advice.add("Its contract was released. When nobody outside needs it: ./dev contracts release");
		}
		advice.add("Pages that told of it, if there are any: git grep " + name);
		advice.add(
				"The reference of all keys without it: ./dev config keys --markdown > docs/configuration.md (while ./dev up runs)");
	}

	/**
	 * Plans the end of a starter, as its README says in the section "Remove".
	 * @throws LocalSystemException if there is none, or others stand on it
	 */
	public void removeStarter(String name) {
		String room = "starters/" + name;
		Matcher section = REMOVE.matcher(tree.has(room + "/README.md") ? tree.read(room + "/README.md") : "");
		if (!section.find()) {
			throw new LocalSystemException("%s. Those that can be removed: %s."
				.formatted(tree.has(room) ? "Others stand on " + room : "There is no " + room,
						String.join(", ", tree.files("starters")
							.stream()
							.filter((file) -> file.endsWith("/README.md") && REMOVE.matcher(tree.read(file)).find())
							.map((file) -> file.split("/", -1)[1])
							.toList())));
		}
		String artifact = Modules.of(tree::read)
			.byArtifact()
			.values()
			.stream()
			.filter((module) -> module.folder().equals(room))
			.findFirst()
			.orElseThrow()
			.artifact();
		tree.delete(room);
		LISTED.matcher(section.group(1)).results().forEach((path) -> tree.delete(path.group(1)));
		Uses.requireNone("Classes of %s are still used in".formatted(room), Uses.ofClasses(room, tree));
		String dependency = "(?s)\\s*<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>%s</artifactId>.*?</dependency>"
			.formatted(Pattern.quote(artifact));
		for (String file : tree.remaining()) {
			if (file.endsWith("pom.xml")) {
				tree.edit(file, (pom) -> pom.replaceAll(dependency, "")
					.replaceAll("\\s*<module>%s</module>".formatted(Pattern.quote(room)), ""));
			}
			else if (file.matches("config-repo/.*\\.yml|.*/src/main/resources/application\\.yml")) {
				tree.edit(file, (yaml) -> withoutKeys(yaml, Names.of(tree).project(), name));
			}
		}
		for (String page : Stream.of("README.md", "README.zh-CN.md").filter(tree::has).toList()) {
			tree.edit(page, (text) -> text
				.replaceAll("(?m)^\\| \\[`[^`]*`\\]\\(%s\\) .*\\n".formatted(Pattern.quote(room)), ""));
		}
		unlink();
		drawMap();
		removed = room;
		advice
			.add("What %s says of the rest, and pages that told of it: git show HEAD:%s/README.md; git grep -E '%s|%s'"
				.formatted(room, room, room, artifact));
	}

	/** Without a section of the project's own keys, and the comment above it. */
	private static String withoutKeys(String yaml, String project, String section) {
		String without = yaml.replaceAll("(?m)(^  #[^\\n]*\\n)*^  %s:\\n((    [^\\n]*)?\\n)*(?=^\\S|^  \\S|\\z)"
			.formatted(Pattern.quote(section)), "");
		return without.replaceAll("(?m)\\n?^%s:\\n(?=^\\S|\\s*\\z)".formatted(Pattern.quote(project)), "");
	}

	/**
	 * Plans other names for everything: packages, group, artifacts, keys, metrics,
	 * images.
	 * @param group such as {@code com.acme}
	 * @param project such as {@code shop}
	 * @throws LocalSystemException if nothing can be called so
	 */
	public void rename(String group, String project) {
		Names before = Names.of(tree);
		Names after = new Names(group, project);
		after.requireUsable(tree);
		UnaryOperator<String> names = after.inPlaceOf(before, before.artifacts(tree));
		for (String file : tree.remaining()) {
			String text = tree.read(file);
			String path = names.apply(file);
			String renamed = NewService.sortedImports(names.apply(text));
			if (!path.equals(file)) {
				tree.delete(file);
			}
			if (!path.equals(file) || !renamed.equals(text)) {
				tree.write(path, renamed);
			}
		}
		tree.binaries()
			.stream()
			.filter((file) -> !names.apply(file).equals(file))
			.forEach((file) -> tree.move(file, names.apply(file)));
		drawMap();
		formatted = "";
		advice.add("Build everything anew: ./dev test");
	}

	/** What is going to happen to which file. */
	public List<String> plan() {
		return tree.plan();
	}

	/** What to do next. */
	public List<String> advice() {
		return advice;
	}

	/** The commands that take it back. */
	public List<String> undo() {
		return WorkTree.UNDO;
	}

	/**
	 * Does what is planned.
	 * @param progress told what takes time
	 * @throws LocalSystemException if it fails; everything is as it was then
	 */
	public void apply(Consumer<String> progress) {
		tree.apply(() -> {
			if (formatted != null) {
				progress.accept("Formatting " + (formatted.isEmpty() ? "everything" : formatted));
				List<String> command = new ArrayList<>(
						List.of(workspace.maven().toString(), "-q", "-B", "spring-javaformat:apply"));
				command.addAll(formatted.isEmpty() ? List.of() : List.of("-pl", formatted));
				Programs.run(command, Map.of(), workspace.root());
			}
		});
		if (removed != null) {
			try {
				Folders.delete(workspace.root().resolve(removed));
			}
			catch (IOException ex) {
				progress.accept("%s holds what was built and cannot be deleted (%s).".formatted(removed, ex));
			}
		}
	}

	/** Writes what is planned as it is, unformatted. */
	void write() {
		tree.apply(() -> {
		});
	}

	static void requireService(Workspace workspace, String name) {
		if (!workspace.services().contains(name)) {
			throw new LocalSystemException(
					"There is no service %s. There are: %s.".formatted(name, String.join(", ", workspace.services())));
		}
	}

	/** Pages keep the words of links to what has gone. */
	private void unlink() {
		tree.remaining()
			.stream()
			.filter((file) -> file.endsWith(".md"))
			.forEach((page) -> tree.edit(page, (text) -> LINK.matcher(text)
				.replaceAll((link) -> Matcher.quoteReplacement(tree
					.isGone(Path.of(page).resolveSibling(link.group(2)).normalize().toString().replace('\\', '/'))
							? link.group(1) : link.group()))));
	}

	private void drawMap() {
		if (tree.has(MAP)) {
			tree.edit(MAP, (page) -> Modules.of(tree::read).drawnIn(page));
		}
	}

}
