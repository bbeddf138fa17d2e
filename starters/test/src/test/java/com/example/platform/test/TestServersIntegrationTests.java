package com.example.platform.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TestServersIntegrationTests {

	@Test
	void aServerStopsWhenItsJvmIsAskedToEnd() throws Exception {
		User user = start();
		user.process().destroy();

		user.process().waitFor();
		assertThat(user.server().isAlive()).isFalse();
	}

	@Test
	void whatAKilledJvmLeftBehindIsRemovedByTheNext() throws Exception {
		User killed = start();
		killed.process().destroyForcibly().waitFor();
		assertThat(killed.server().isAlive()).isTrue();

		User next = start();
		await().atMost(Duration.ofSeconds(10)).until(() -> !killed.server().isAlive());

		next.process().destroy();
		next.process().waitFor();
	}

	private static User start() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), ServerUser.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
		long pid = output.lines()
			.filter((line) -> line.startsWith("agent "))
			.mapToLong((line) -> Long.parseLong(line.substring("agent ".length())))
			.findFirst()
			.orElseThrow();
		return new User(process, ProcessIdentity.of(ProcessHandle.of(pid).orElseThrow()));
	}

	/** A JVM and the server that it has started. */
	private record User(Process process, ProcessIdentity server) {

	}

}
