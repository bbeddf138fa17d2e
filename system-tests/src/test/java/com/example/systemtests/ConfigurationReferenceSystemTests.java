package com.example.systemtests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.example.launcher.cli.Dev;
import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.api.Keys;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConfigurationReferenceSystemTests {

	private static final List<String> ALL = List.of("gateway", "order-service", "user-service");

	@Test
	void theReferenceListsWhatTheRunningSystemObeys() throws IOException, InterruptedException {
		ConfigServer server = new ConfigServer(RunningSystem.system().address("config-server"), null);
		await().untilAsserted(
				() -> assertThat(server.keys(null).keys()).flatExtracting(Keys.Key::services).containsAll(ALL));
		Process dev = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Dev.class.getName(), "config", "keys", "--markdown", "--url",
				RunningSystem.system().address("config-server").toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String generated = new String(dev.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(dev.waitFor()).isZero();
		assertThat(generated)
			.as("docs/configuration.md; ./dev config keys --markdown > docs/configuration.md renews it")
			.isEqualTo(Files.readString(Repository.ROOT.resolve("docs/configuration.md")));
	}

	@Test
	void everyKeyHasADefaultAndAMeaning() {
		assertThat(Repository.read(Repository.path("docs/configuration.md"))
			.lines()
			.filter((row) -> row.startsWith("| `"))).isNotEmpty()
			.allMatch((row) -> Stream.of(row.split("(?<!\\\\)\\|")).skip(1).noneMatch(String::isBlank));
	}

}
