package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.launcher.process.Programs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Does what {@code docs/tutorial.md} and {@code docs/recipes.md} say, each in a clone,
 * and sees what they say. A block is a script. Its last line is repeated until it prints
 * what stands below the block: a new configuration takes a moment. Its own system needs
 * some minutes and the memory of another one, so that it runs with
 * {@code -Dtutorial.full=true} alone.
 */
@EnabledIfSystemProperty(named = "tutorial.full", matches = "true")
class TutorialSystemTests {

	// What comes before the last line, the last line, and what it prints.
	private static final Pattern STEP = Pattern
		.compile("(?sm)```sh\\n(.*?)^([^\\n]+)\\n```\\n(?:```\\w*\\n(.*?)\\n```)?");

	private static final Pattern GATEWAY = Pattern.compile("(?m)^Gateway +http://127\\.0\\.0\\.1:(\\d+)/");

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "tutorial", "recipes" })
	void everyStepDoesWhatItSays(String page) throws IOException {
		Path clone = folder.resolve("clone");
		run(folder,
				"git clone --quiet '%s' clone && cd clone && git config user.name test && git config user.email a@b.c"
					.formatted(Repository.ROOT));
		String before = run(clone, "git rev-parse HEAD^{tree}");
		long begin = System.nanoTime();
		try {
			for (MatchResult step : STEP.matcher(Repository.read(Repository.path("docs/" + page + ".md")))
				.results()
				.toList()) {
				String last = step.group(2);
				if (step.group(3) == null) {
					run(clone, step.group(1) + last);
				}
				else {
					run(clone, step.group(1));
					await().atMost(Duration.ofMinutes(5))
						.untilAsserted(() -> assertThat(run(clone, withPort(clone, last)).strip())
							.matches(pattern(step.group(3))));
				}
				System.out.printf("%s, after %3d s: %s%n", page,
						Duration.ofNanos(System.nanoTime() - begin).toSeconds(), last);
			}
			assertThat(run(clone, "git rev-parse HEAD^{tree}")).isEqualTo(before);
			assertThat(run(clone, "git status --porcelain")).isEmpty();
		}
		finally {
			run(clone, "./dev down || true");
		}
	}

	// The usual port belongs to another system, if one runs.
	private static String withPort(Path clone, String command) {
		if (!command.contains(":8080")) {
			return command;
		}
		String port = GATEWAY.matcher(run(clone, "./dev status || true"))
			.results()
			.map((found) -> found.group(1))
			.findFirst()
			.orElseThrow();
		return command.replace(":8080", ":" + port);
	}

	private static Pattern pattern(String output) {
		return Pattern.compile(Stream.of(output.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
				Pattern.DOTALL);
	}

	private static String run(Path folder, String command) {
		return Programs.run(List.of("sh", "-ec", command), Map.of(), folder);
	}

}
