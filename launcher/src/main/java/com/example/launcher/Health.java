package com.example.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.Http;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether instances can serve, asked from outside.
 */
final class Health {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final JsonMapper JSON = new JsonMapper();

	private Health() {
	}

	/** Whether an instance answers that it is ready. */
	static boolean isReady(Instance instance) {
		return switch (instance.kind()) {
			case CONSUL_SERVER, CONSUL -> ConsulAgent.answers(instance.port());
			case POSTGRES -> !FreePorts.isFree(instance.port());
			case CONFIG_SERVER, SERVICE, GATEWAY ->
				get(instance.healthPort(), "/actuator/health/readiness").isPresent();
		};
	}

	/** Whether an application answers in time that it lives. */
	static boolean isLive(Instance instance, Duration timeout) {
		return Http.get(instance.healthPort(), "/actuator/health/liveness", timeout).isPresent();
	}

	/** The ids of a component's instances to which Consul passes on callers. */
	static Set<String> passing(String component, int consulPort) {
		return get(consulPort, "/v1/health/service/" + component + "?passing").stream()
			.flatMap((array) -> array.valueStream())
			.map((entry) -> entry.at("/Service/ID").asString())
			.collect(Collectors.toSet());
	}

	/** The JSON body of a successful answer. */
	private static Optional<JsonNode> get(int port, String path) {
		try {
			return Http.get(port, path, TIMEOUT).map(JSON::readTree);
		}
		catch (JacksonException ex) {
			// Not yet, or no more: the caller asks again.
			return Optional.empty();
		}
	}

}
