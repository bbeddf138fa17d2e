package com.example.systemtests;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.api.Keys;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConfigurationReferenceSystemTests {

	private static final Path PAGE = Repository.path("docs/configuration.md");

	private static final Pattern CELL = Pattern.compile("(?<!\\\\)\\|");

	private static final List<String> ALL = List.of("gateway", "order-service", "user-service");

	@Test
	void theReferenceListsWhatTheRunningSystemObeys() {
		ConfigServer server = RunningSystem.configServer();
		await().untilAsserted(
				() -> assertThat(server.keys(null).keys()).flatExtracting(Keys.Key::services).containsAll(ALL));
		String generated = RunningSystem.dev("config", "keys", "--markdown");
		String page = Repository.read(PAGE);
		Set<String> told = rows(page).flatMap((row) -> services(row).stream()).collect(Collectors.toSet());
		assertThat(told).containsAll(ALL);
		assertThat(generated.lines().map((line) -> onlyOf(told, line)).filter((line) -> !line.isBlank()))
			.as("docs/configuration.md; ./dev config keys --markdown > docs/configuration.md renews it")
			.containsExactlyElementsOf(page.lines().filter((line) -> !line.isBlank()).toList());
	}

	@Test
	void everyKeyHasADefaultAndAMeaning() {
		assertThat(rows(Repository.read(PAGE))).isNotEmpty()
			.allMatch((row) -> cells(row).stream().noneMatch(String::isBlank));
	}

	private static Stream<String> rows(String page) {
		return page.lines().filter(ConfigurationReferenceSystemTests::isRow);
	}

	private static boolean isRow(String line) {
		return line.startsWith("| `");
	}

	/** What stands between its bars. */
	private static List<String> cells(String row) {
		List<String> parts = List.of(CELL.split(row, -1));
		return parts.subList(1, parts.size() - 1);
	}

	private static List<String> services(String row) {
		return List.of(cells(row).get(4).strip().split(", ", -1));
	}

	/** A service that is new is not told of until somebody renews the page. */
	private static String onlyOf(Set<String> told, String line) {
		if (!isRow(line)) {
			return line;
		}
		String all = String.join(", ", services(line));
		String left = services(line).stream().filter(told::contains).collect(Collectors.joining(", "));
		return left.isEmpty() ? "" : line.replace("| " + all + " |", "| " + left + " |");
	}

}
