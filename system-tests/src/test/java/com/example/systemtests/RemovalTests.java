package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.launcher.scaffold.Modules.Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the section "Remove" of a README lists is enough: nothing that stays refers to
 * what goes. With {@code -Dremoval.full=true} each room is taken out of a copy of the
 * repository, which is then built.
 */
class RemovalTests {

	private static final Pattern SECTION = Pattern.compile("(?ms)^## Remove$(.*?)(?=^## |\\z)");

	private static final Pattern LISTED = Pattern.compile("(?m)^- `([^`]+)`");

	static Stream<String> rooms() {
		return Repository.modules()
			.byArtifact()
			.values()
			.stream()
			.map(Module::folder)
			.filter((folder) -> !gone(folder).isEmpty());
	}

	@Test
	void severalRoomsCanBeRemoved() {
		assertThat(rooms()).contains("config-centre/client", "starters/load-balancing", "starters/observability",
				"starters/propagation");
	}

	@ParameterizedTest
	@MethodSource("rooms")
	void nothingThatStaysRefersToWhatGoes(String room) {
		List<String> gone = gone(room);
		assertThat(gone).allMatch((path) -> Files.exists(Repository.path(path)));
		Pattern classes = Pattern.compile(files((path) -> isIn(path, gone) && path.matches(".*/src/main/.*\\.java"))
			.map((path) -> Pattern.quote(path.replaceFirst(".*/java/", "").replace(".java", "").replace('/', '.')))
			.collect(Collectors.joining("|", "(?<!\")\\b(", ")\\b")));
		assertThat(files((path) -> !isIn(path, gone) && path.matches(".*/src/(main|test)/.*"))
			.filter((path) -> classes.matcher(Repository.read(Repository.path(path))).find())).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("rooms")
	@EnabledIfSystemProperty(named = "removal.full", matches = "true")
	void whatStaysBuilds(String room, @TempDir Path folder) throws IOException, InterruptedException {
		List<String> gone = gone(room);
		for (String path : files((file) -> !isIn(file, gone)).toList()) {
			Files.createDirectories(folder.resolve(path).getParent());
			Files.copy(Repository.path(path), folder.resolve(path));
		}
		List<Module> all = List.copyOf(Repository.modules().byArtifact().values());
		List<Module> stay = all.stream().filter((module) -> !isIn(module.folder(), gone)).toList();
		String needsGone = all.stream()
			.filter((module) -> isIn(module.folder(), gone))
			.map((module) -> Pattern.quote(module.artifact()))
			.collect(Collectors.joining("|", "<dependency>\\s*<groupId>com.example</groupId>\\s*<artifactId>(",
					")</artifactId>(?s:.*?)</dependency>"));
		for (Module module : stay) {
			Path pom = folder.resolve(module.folder()).resolve("pom.xml");
			Files.writeString(pom, Repository.read(pom).replaceAll(needsGone, ""));
		}
		OfflineMaven.Result built = OfflineMaven.in(folder, stay.stream().map(Module::folder).toList())
			.run("test-compile");
		assertThat(built.exitCode()).as(built.output()).isZero();
	}

	private static List<String> gone(String room) {
		Path readme = Repository.path(room).resolve("README.md");
		return Files.exists(readme) ? SECTION.matcher(Repository.read(readme))
			.results()
			.flatMap((section) -> Stream.concat(Stream.of(room), listed(section.group(1))))
			.toList() : List.of();
	}

	private static Stream<String> listed(String section) {
		return LISTED.matcher(section).results().map((MatchResult found) -> found.group(1));
	}

	private static boolean isIn(String path, List<String> gone) {
		return gone.stream().anyMatch((each) -> path.equals(each) || path.startsWith(each + "/"));
	}

	/** Paths below the root, but for what is built and what runs. */
	private static Stream<String> files(Predicate<String> filter) {
		try (Stream<Path> files = Files.walk(Repository.ROOT)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> Repository.ROOT.relativize(file).toString().replace('\\', '/'))
				.filter((path) -> !path.matches("(\\.git|\\.dev)/.*|(.*/)?target/.*"))
				.filter(filter)
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
