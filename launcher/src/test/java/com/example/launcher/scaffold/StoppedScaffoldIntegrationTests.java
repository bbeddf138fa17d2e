package com.example.launcher.scaffold;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.example.launcher.cli.Dev;
import com.example.launcher.process.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Ctrl-C in the midst of a change, while what is written is formatted.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "setsid and env are those of Linux")
class StoppedScaffoldIntegrationTests {

	private static final int INTERRUPTED = 130;

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path folder;

	@Test
	void aChangeThatIsStoppedIsTakenBack() throws Exception {
		RepositoryCopy copy = RepositoryCopy.in(folder.resolve("clone"));
		Path formatting = folder.resolve("formatting");
		Path maven = Files.writeString(Files.createDirectory(folder.resolve("bin")).resolve("mvn"),
				"#!/bin/sh\ntouch '%s'\nexec sleep 600\n".formatted(formatting));
		assertThat(maven.toFile().setExecutable(true)).isTrue();
		// A build that runs in the background of a script ignores SIGINT.
		ProcessBuilder builder = new ProcessBuilder("setsid", "env", "--default-signal=INT",
				Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), "-Ddev.root=" + copy.root(), Dev.class.getName(), "new",
				"service", "invoice-service")
			.inheritIO();
		builder.environment().putAll(Map.of("PATH", maven.getParent() + ":" + System.getenv("PATH")));
		Process dev = builder.start();
		try {
			await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(formatting));
			assertThat(copy.git("status", "--porcelain").lines()).hasSizeGreaterThan(10);
		}
		finally {
			Programs.run(List.of("kill", "-s", "INT", "--", "-" + dev.pid()));
		}
		assertThat(dev.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(dev.exitValue()).isEqualTo(INTERRUPTED);
		assertThat(copy.git("status", "--porcelain", "--ignored")).isEmpty();
	}

}
