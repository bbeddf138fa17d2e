package com.example.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.process.FreePorts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether instances of applications can serve, asked from outside.
 */
final class Health {

	private static final int TIMEOUT_MILLIS = 2000;

	private static final JsonMapper JSON = new JsonMapper();

	private Health() {
	}

	/** Whether an instance of a kind answers that it is ready. */
	static boolean isReady(Component.Kind kind, Instance instance) {
		return switch (kind) {
			case CONSUL -> ConsulAgent.answers(instance.port());
			case POSTGRES -> !FreePorts.isFree(instance.port());
			case CONFIG_SERVER, SERVICE, GATEWAY -> isReady(instance);
		};
	}

	/** Whether an application answers that it is ready. */
	static boolean isReady(Instance instance) {
		return get("http://127.0.0.1:" + instance.healthPort() + "/actuator/health/readiness").isPresent();
	}

	/** The ids of a component's instances to which Consul passes on callers. */
	static Set<String> passing(String component, int consulPort) {
		Optional<JsonNode> entries = get(
				"http://127.0.0.1:" + consulPort + "/v1/health/service/" + component + "?passing");
		return entries.stream()
			.flatMap((array) -> array.valueStream())
			.map((entry) -> entry.at("/Service/ID").asString())
			.collect(Collectors.toSet());
	}

	/** The JSON body of a successful answer. */
	private static Optional<JsonNode> get(String address) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
			connection.setConnectTimeout(TIMEOUT_MILLIS);
			connection.setReadTimeout(TIMEOUT_MILLIS);
			if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
				return Optional.empty();
			}
			try (InputStream body = connection.getInputStream()) {
				return Optional.of(JSON.readTree(body));
			}
		}
		catch (IOException | JacksonException ex) {
			// Not yet, or no more: the caller asks again.
			return Optional.empty();
		}
	}

}
