package com.example.configserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.configrefresh.ConfigRefresher;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ConfigServerIntegrationTests {

	private final Path folder;

	ConfigServerIntegrationTests(@TempDir Path folder) {
		this.folder = folder;
	}

	@Test
	void aServiceGetsItsOwnFileBeforeTheOneForAll() throws IOException {
		save("application.yml", "greeting: for all");
		save("user-service.yml", "greeting: for users");
		try (ConfigurableApplicationContext server = run(TestServers.consul().port())) {
			JsonNode environment = environment(server, "user-service");
			assertThat(environment.path("propertySources").get(0).path("source").path("greeting").asString())
				.isEqualTo("for users");
			assertThat(environment.path("propertySources").get(1).path("source").path("greeting").asString())
				.isEqualTo("for all");
		}
	}

	@Test
	void aSavedFileBecomesANewRevisionThatIsServedAndAnnounced() throws IOException {
		save("application.yml", "greeting: hello");
		try (ConfigurableApplicationContext server = run(TestServers.consul().port())) {
			TestRegistry registry = new TestRegistry(TestServers.consul());
			String first = version(server);
			await().until(() -> announced(registry).equals(first));
			save("application.yml", "greeting: changed");
			await().until(() -> !announced(registry).equals(first));
			assertThat(announced(registry)).isEqualTo(version(server));
			assertThat(
					environment(server, "x").path("propertySources").get(0).path("source").path("greeting").asString())
				.isEqualTo("changed");
		}
	}

	@Test
	void theSameContentIsTheSameRevisionAndOtherFilesDoNotCount() throws IOException {
		save("application.yml", "greeting: hello");
		ConfigDirectory directory = new ConfigDirectory(folder);
		String revision = directory.revision();
		save("application.yml", "greeting: hello");
		save(".application.yml.swp", "what an editor leaves");
		save("application.yml~", "a backup");
		Files.createDirectory(folder.resolve("..2026_11_21"));
		save("..2026_11_21/application.yml", "greeting: what a projected volume keeps");
		assertThat(directory.revision()).isEqualTo(revision);
		save("other.properties", "greeting=hello");
		assertThat(directory.revision()).isNotEqualTo(revision);
	}

	@Test
	void whatIsMovedBetweenFilesIsAnotherRevision() throws IOException {
		save("a.yml", "x: 1\n");
		save("b.yml", "y: 2\n");
		String revision = new ConfigDirectory(folder).revision();
		save("a.yml", "x: 1\ny: 2\n");
		save("b.yml", "");
		assertThat(new ConfigDirectory(folder).revision()).isNotEqualTo(revision);
	}

	@Test
	void aConsulThatStartsEmptyIsToldTheRevisionAgain() throws IOException {
		save("application.yml", "greeting: hello");
		int port = TestServers.freePort();
		try (ConfigurableApplicationContext server = run(port)) {
			try (ConsulAgent agent = TestServers.newConsul(port)) {
				await().until(() -> announced(new TestRegistry(agent)).equals(version(server)));
			}
			try (ConsulAgent agent = TestServers.newConsul(port)) {
				await().until(() -> announced(new TestRegistry(agent)).equals(version(server)));
			}
		}
	}

	@Test
	void aFolderThatDoesNotExistIsNamedWithTheRemedy() {
		assertThatThrownBy(() -> new ConfigDirectory(folder.resolve("missing"))).hasMessageContaining("missing")
			.hasMessageContaining("PLATFORM_CONFIG_SERVER_DIRECTORY");
	}

	private ConfigurableApplicationContext run(int consulPort) {
		return SpringApplication.run(ConfigServerApplication.class, "--server.port=0",
				"--platform.config-server.directory=" + folder, "--spring.cloud.consul.host=127.0.0.1",
				"--spring.cloud.consul.port=" + consulPort);
	}

	private void save(String name, String content) throws IOException {
		Files.writeString(folder.resolve(name), content);
	}

	private static String announced(TestRegistry registry) {
		return registry.get("/v1/kv/" + ConfigRefresher.REVISION_KEY + "?raw");
	}

	private static String version(ConfigurableApplicationContext server) {
		return environment(server, "any").path("version").asString();
	}

	private static JsonNode environment(ConfigurableApplicationContext server, String application) {
		String port = server.getEnvironment().getRequiredProperty("local.server.port");
		String body = RestClient.create("http://127.0.0.1:" + port)
			.get()
			.uri("/{application}/default", application)
			.retrieve()
			.body(String.class);
		return new JsonMapper().readTree(String.valueOf(body));
	}

}
