package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

import com.example.launcher.load.Request;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTP as a client of the system speaks it: one attempt for each request, no retries.
 */
final class Http {

	/** Longer than anything in the system waits: what runs into it hangs. */
	static final Duration TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Statuses of an order that was placed: 200 when the gateway repeated the request and
	 * the first attempt had placed it.
	 */
	static final Set<Integer> PLACED = Set.of(200, 201);

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final JsonMapper JSON = new JsonMapper();

	private Http() {
	}

	static HttpResponse<String> get(URI server, String path) {
		return send(request(server, path).GET());
	}

	static HttpResponse<String> postJson(URI server, String path, String json) {
		return send(request(server, path).header("Content-Type", "application/json")
			.header("Idempotency-Key", UUID.randomUUID().toString())
			.POST(BodyPublishers.ofString(json)));
	}

	static HttpRequest.Builder request(URI server, String path) {
		return HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
	}

	static HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return CLIENT.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Asks the gateway. */
	static HttpResponse<String> send(Request request) {
		HttpRequest.Builder builder = request(RunningSystem.gateway(), request.path()).method(request.method(),
				request.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
		request.headers().forEach(builder::header);
		return send(builder);
	}

	static JsonNode json(HttpResponse<String> response) {
		return JSON.readTree(response.body());
	}

	static long createUser() {
		HttpResponse<String> response = postJson(RunningSystem.gateway(), "/api/users",
				"{\"name\":\"Ada\",\"email\":\"%s@example.com\"}".formatted(UUID.randomUUID()));
		if (response.statusCode() != 201) {
			throw new IllegalStateException("No user was created: " + response.statusCode() + " " + response.body());
		}
		return json(response).path("id").asLong();
	}

	static Request order(long userId) {
		return order(userId, UUID.randomUUID().toString());
	}

	static Request order(long userId, String idempotencyKey) {
		return Request.post("/api/orders", orderJson(userId)).with("Idempotency-Key", idempotencyKey);
	}

	static Request user(long userId) {
		return Request.get("/api/users/" + userId);
	}

	/** Creates a user; without a key, so nobody may repeat it. */
	static Request newUser(String email) {
		return Request.post("/api/users", "{\"name\":\"Ada\",\"email\":\"%s\"}".formatted(email));
	}

	static String orderJson(long userId) {
		return "{\"userId\":%d,\"lines\":[{\"sku\":\"book-1\",\"quantity\":2,\"unitPrice\":{\"minorUnits\":1999,\"currency\":\"EUR\"}}]}"
			.formatted(userId);
	}

}
