package com.example.launcher.build;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The lines are those of Maven 3.8.7 and 3.9.12.
 */
class MavenRunTests {

	private static final String AWAY = "[FATAL] Non-resolvable parent POM for com.example:platform:1: Could not transfer artifact org.a:parent:pom:4.1.0 from/to near (http://mirror/): ";

	private static final String SILENT = "[ERROR] Could not transfer artifact org.a:b:jar:1 from/to near (http://mirror/): Read timed out -> [Help 1]";

	private final List<List<String>> calls = new ArrayList<>();

	private final Deque<List<String>> outputs = new ArrayDeque<>();

	@Test
	void aMirrorThatIsAwayIsTriedOnce() {
		outputs.add(List.of("[INFO] Scanning for projects...", SILENT));

		assertThat(run().failure()).startsWith("Maven cannot fetch from http://mirror/: it does not answer. Check");
		assertThat(calls).hasSize(1)
			.first()
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.containsExactly("mvn", "-e", "-Daether.connector.connectTimeout=4000",
					"-Daether.connector.requestTimeout=4000", "-Dmaven.wagon.rto=4000", "package");
	}

	@Test
	void aMirrorThatIsSlowIsWaitedFor() {
		outputs.add(List.of("Downloaded from near: http://mirror/a.jar (1 kB at 1 kB/s)", SILENT));
		outputs.add(List.of());

		assertThat(run().exitCode()).isZero();
		assertThat(calls).hasSize(2)
			.last()
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.contains("-Daether.connector.requestTimeout=60000");
	}

	@Test
	void aMirrorThatStaysSlowIsTold() {
		List<String> slow = List.of("Downloaded from near: http://mirror/a.jar (1 kB at 1 kB/s)", SILENT);
		outputs.addAll(List.of(slow, slow));

		assertThat(run()).matches((run) -> run.exitCode() == 1)
			.extracting(MavenRun::failure)
			.asString()
			.contains("it does not answer");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					mirror: Name or service not known and 'parent.relativePath' points at no local POM @ line 7, column 11 | Maven cannot fetch from http://mirror/: mirror: Name or service not known. Check the network
					Connect to mirror:80 [mirror/1.1.1.1] failed: Connection refused (Connection refused) -> [Help 1]       | Maven cannot fetch from http://mirror/: Connect to mirror:80 [mirror/1.1.1.1] failed: Connection refused (Connection refused). Check the network
					/home/me/.m2/repository/a.jar.1.tmp (No space left on device)                                          | the disk is full. Make room
					/home/me/.m2/repository/a.jar.1.tmp (Permission denied)                                                | a file cannot be written. Check who owns it
					""")
	void causeAndRemedyAreNamed(String reason, String sentence) {
		outputs.add(List.of(AWAY + reason));

		assertThat(run().failure()).startsWith(sentence);
	}

	@Test
	void theInnermostCauseIsNamedWhereTheMessageHasNone() {
		outputs.add(List.of(AWAY + "transfer failed for http://mirror/org/a/parent-4.1.0.pom and 'parent.relativePath'",
				"org.apache.maven.project.ProjectBuildingException: Some problems",
				"    at org.apache.maven.DefaultMaven.doExecute (DefaultMaven.java:192)",
				"Caused by: org.apache.maven.wagon.TransferFailedException: transfer failed for http://mirror/",
				"    ... 12 more", "Caused by: java.net.ConnectException: Connection refused"));

		assertThat(run().failure()).startsWith("Maven cannot fetch from http://mirror/: Connection refused. Check");
	}

	@Test
	void whatHasNoSentenceIsTold() {
		outputs.add(List.of("[INFO] Building a 1 [1/2]", "[ERROR] A.java:[1,1] ';' expected", "[INFO] BUILD FAILURE",
				"org.apache.maven.plugin.CompilationFailureException: Compilation failure", "    at a.B.c (B.java:1)"));

		assertThat(run().failure())
			.isEqualToNormalizingNewlines("correct this and try again:\n[ERROR] A.java:[1,1] ';' expected");
	}

	@Test
	void aFolderThatCanBeWrittenIsNoObstacle(@TempDir Path folder) {
		assertThat(MavenRun.obstacle(folder.resolve("new"))).isEmpty();
		assertThat(folder.resolve("new")).isEmptyDirectory();
	}

	private MavenRun run() {
		return MavenRun.of(List.of("mvn", "package"), (line) -> {
		}, (command, lines) -> {
			calls.add(command);
			List<String> output = outputs.remove();
			output.forEach(lines);
			return output.isEmpty() ? 0 : 1;
		});
	}

}
