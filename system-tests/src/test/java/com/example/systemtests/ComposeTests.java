package com.example.systemtests;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Proofs about {@code docker-compose.yml}.
 */
class ComposeTests {

	private static final Set<String> PUBLISHED = Set.of("gateway", "consul", "config-server", "prometheus", "grafana");

	// Dockerfile makes it, for the user that the applications run as.
	private static final String STATE = "/state";

	private static final String FILE = Repository.path("docker-compose.yml").toString();

	private static final Map<String, Object> COMPOSE = Repository.yaml("docker-compose.yml");

	static Stream<String> services() {
		return Repository.map(Repository.get(COMPOSE, "services")).keySet().stream();
	}

	static Stream<String> applications() {
		return services().filter((name) -> service(name).containsKey("build"));
	}

	static Map<String, Object> service(String name) {
		return Repository.map(Repository.get(COMPOSE, "services", name));
	}

	@ParameterizedTest
	@MethodSource("services")
	void everyContainerIsConfinedAndWatched(String name) {
		Map<String, Object> service = service(name);
		assertThat(service).containsEntry("read_only", true)
			.containsKeys("mem_limit", "healthcheck", "restart")
			.doesNotContainKeys("container_name", "privileged", "network_mode");
		assertThat(service.get("cap_drop"))
			.asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
			.containsExactly("ALL");
		assertThat(service.get("security_opt"))
			.asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
			.contains("no-new-privileges:true");
	}

	@ParameterizedTest
	@MethodSource("services")
	void onlyWhatPeopleUseIsPublishedAndOnlyOnThisMachine(String name) {
		Object ports = service(name).get("ports");
		if (PUBLISHED.contains(name)) {
			assertThat(Repository.list(Objects.requireNonNull(ports))).singleElement()
				.asString()
				.startsWith("127.0.0.1:");
		}
		else {
			assertThat(ports).isNull();
		}
	}

	@ParameterizedTest
	@MethodSource("services")
	void everyImageFromElsewhereHasAnExactVersion(String name) {
		Object image = service(name).get("image");
		if (image == null) {
			assertThat(service(name)).containsKey("build");
		}
		else {
			assertThat(image.toString()).matches(".+:v?\\d+\\.\\d+(\\.\\d+)?");
		}
	}

	@ParameterizedTest
	@MethodSource("services")
	void whatAServiceWaitsForIsHealthy(String name) {
		Map<String, Object> dependencies = Repository.map(service(name).getOrDefault("depends_on", Map.of()));
		assertThat(dependencies).allSatisfy((dependency, condition) -> {
			assertThat(services()).contains(dependency);
			assertThat(condition).isEqualTo(Map.of("condition", "service_healthy"));
		});
	}

	@ParameterizedTest
	@MethodSource("applications")
	void everyApplicationWithADatabaseHasOneMade(String name) {
		List<String> ofPostgres = mounts("postgres");
		boolean hasDatabase = Repository.map(Repository.get(service(name), "environment"))
			.containsKey("SPRING_DATASOURCE_URL");
		assertThat(ofPostgres.contains(name + "-database:/databases/" + name)).isEqualTo(hasDatabase);
		assertThat(mounts(name).contains(name + "-database:/run/secrets/spring/datasource:ro")).isEqualTo(hasDatabase);
	}

	@ParameterizedTest
	@MethodSource("applications")
	void whatAnApplicationKeepsIsInAVolumeOfItsOwn(String name) {
		assertThat(Repository.get(service(name), "environment", "PLATFORM_CONFIG_CLIENT_SNAPSHOTS").toString())
			.startsWith(STATE + "/");
		// The snapshots hold secrets of their service, so it shares them with its own
		// instances alone.
		assertThat(mounts(name)).contains(name + "-state:" + STATE);
		assertThat(Repository.map(Repository.get(COMPOSE, "volumes"))).containsKey(name + "-state");
	}

	@Test
	void theImageMakesTheFolderOfTheVolumesForTheUserThatItRunsAs() {
		assertThat(Repository.read(Repository.path("Dockerfile")))
			.contains("install --directory --owner=10001 --group=10001 --mode=700 " + STATE + "\n")
			.contains("USER 10001:10001\n");
	}

	@ParameterizedTest
	@MethodSource("applications")
	void everyApplicationEndsWhenItRunsOutOfMemory(String name) {
		assertThat(Repository.read(Repository.path("Dockerfile")))
			.containsPattern("ENTRYPOINT \\[\"java\", [^\\]]*\"-XX:\\+ExitOnOutOfMemoryError\"");
		assertThat(service(name)).doesNotContainKeys("entrypoint", "command")
			.containsEntry("restart", "unless-stopped");
	}

	@Test
	void theConfigServerKeepsItsHistoryAndReadsThisRepositoryUnlessItIsToldOtherwise() {
		Map<String, Object> environment = Repository.map(Repository.get(service("config-server"), "environment"));
		assertThat(environment.get("PLATFORM_CONFIG_SERVER_HISTORY")).asString().startsWith(STATE + "/");
		assertThat(environment).containsEntry("PLATFORM_CONFIG_SERVER_GIT_URI", "${CONFIG_GIT_URI-/project}")
			.containsEntry("PLATFORM_CONFIG_SERVER_GIT_PATH", "${CONFIG_GIT_PATH-config-repo}")
			.containsEntry("PLATFORM_CONFIG_SERVER_DIRECTORY", "/config-repo");
		assertThat(Repository.path("config-repo/application.yml")).exists();
		assertThat(mounts("config-server")).contains("./config-repo:/config-repo:ro",
				"${CONFIG_GIT_FOLDER:-.}:/project:ro");
	}

	@Test
	void compose1TakesTheFile() {
		assertTaken(Tool.onPath("docker-compose", "docker-compose").run("--file", FILE, "config", "--quiet"));
	}

	@Test
	void compose2TakesTheFile() {
		// Debian has no package of Compose 2, so CI need not have it.
		Tool docker = Tool.find("docker", "docker.io", Map.of("PATH", System.getenv("PATH")));
		assumeThat(docker.run("compose", "version").exitCode()).as("docker compose is installed").isZero();
		assertTaken(docker.run("compose", "--file", FILE, "config", "--quiet"));
	}

	private static void assertTaken(Tool.Result result) {
		assertThat(result.errors()).isEmpty();
		assertThat(result.exitCode()).isZero();
	}

	// Without a value, it is passed on from the environment of docker compose.
	@ParameterizedTest
	@MethodSource("services")
	void noEnvironmentVariableHoldsASecret(String name) {
		Repository.map(service(name).getOrDefault("environment", Map.of())).forEach((variable, value) -> {
			if (variable.matches(".*(PASSWORD|SECRET|TOKEN|KEY)")) {
				assertThat(value).as(variable).isNull();
			}
		});
	}

	@Test
	void theConfigServerAloneGetsTheSecretsOfTheConfiguration() {
		assertThat(services().filter((name) -> Repository.map(service(name).getOrDefault("environment", Map.of()))
			.keySet()
			.stream()
			.anyMatch(Set.of("ENCRYPT_KEY", "PLATFORM_CONFIG_SERVER_TOKEN")::contains)))
			.containsExactly("config-server");
	}

	private static List<String> mounts(String name) {
		return Repository.list(service(name).getOrDefault("volumes", List.of()))
			.stream()
			.filter(String.class::isInstance)
			.map(String.class::cast)
			.toList();
	}

}
