package com.example.systemtests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proofs about {@code docker-compose.yml}.
 */
class ComposeTests {

	private static final Set<String> PUBLISHED = Set.of("gateway", "consul", "prometheus", "grafana");

	private static final Map<String, Object> COMPOSE = Repository.yaml("docker-compose.yml");

	static Stream<String> services() {
		return Repository.map(Repository.get(COMPOSE, "services")).keySet().stream();
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
	void onlyTheGatewayAndTheConsolesArePublishedAndOnlyOnThisMachine(String name) {
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

	@Test
	void noEnvironmentVariableHoldsASecret() {
		Map<String, Object> environments = new LinkedHashMap<>();
		services().forEach((name) -> environments.put(name, service(name).getOrDefault("environment", Map.of())));
		assertThat(environments).isNotEmpty()
			.allSatisfy((name, environment) -> assertThat(Repository.map(environment).keySet())
				.noneMatch((variable) -> variable.matches(".*(PASSWORD|SECRET|TOKEN)")));
	}

}
