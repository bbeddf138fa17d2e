package com.example.systemtests;

import java.nio.file.Files;

import com.example.launcher.Instance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proves that every instance stands in Consul with all that others need to know of it.
 */
class RegistrationSystemTests {

	@ParameterizedTest
	@CsvSource({ "config-server, 1, false", "user-service, 2, true", "order-service, 2, true", "gateway, 1, false" })
	void everyInstanceIsRegisteredWithItsPortsAndItsBuild(String service, int number, boolean grpc) {
		JsonNode entries = Http
			.json(Http.get(RunningSystem.system().consul(), "/v1/health/service/" + service + "?passing=true"));
		assertThat(entries.size()).isEqualTo(number);
		for (JsonNode entry : entries) {
			JsonNode registered = entry.path("Service");
			Instance instance = RunningSystem.system()
				.instances()
				.stream()
				.filter((candidate) -> candidate.name().equals(registered.path("ID").asString()))
				.findFirst()
				.orElseThrow();
			assertThat(registered.path("Address").asString()).isEqualTo("127.0.0.1");
			assertThat(registered.path("Port").asInt()).isEqualTo(instance.port());
			JsonNode metadata = registered.path("Meta");
			assertThat(metadata.path("zone").asString()).isEqualTo("local");
			assertThat(metadata.path("version").asString()).isEqualTo("1.0.0-SNAPSHOT");
			assertThat(metadata.path("git_revision").asString())
				.matches(Files.isDirectory(Repository.path(".git")) ? "[0-9a-f]{7,40}(-dirty)?" : ".+");
			assertThat(metadata.path("management_port").asInt()).isPositive();
			assertThat(metadata.has("grpc_port")).isEqualTo(grpc);
		}
	}

}
