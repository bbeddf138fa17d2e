package com.example.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;

import com.example.launcher.consul.ConsulAgent;

/**
 * Writes to and reads from a real Consul agent, as another process would. Thread-safe.
 */
public final class TestRegistry {

	private final HttpClient http = HttpClient.newHttpClient();

	private final URI agent;

	/** Talks to the given agent. */
	public TestRegistry(ConsulAgent agent) {
		this.agent = agent.address();
	}

	/** Registers an instance on 127.0.0.1 without a check, so that it passes. */
	public void register(String service, String id, int port, Map<String, String> metadata) {
		register(service, id, "127.0.0.1", port, metadata);
	}

	/** Registers an instance at any address without a check, so that it passes. */
	public void register(String service, String id, String address, int port, Map<String, String> metadata) {
		String meta = metadata.entrySet()
			.stream()
			.map((entry) -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
			.collect(Collectors.joining(",", "{", "}"));
		put("/v1/agent/service/register", "{\"Name\":\"%s\",\"ID\":\"%s\",\"Address\":\"%s\",\"Port\":%d,\"Meta\":%s}"
			.formatted(service, id, address, port, meta));
	}

	/** Registers an instance whose check stays critical until {@link #pass}. */
	public void registerCritical(String service, String id) {
		put("/v1/agent/service/register",
				"{\"Name\":\"%s\",\"ID\":\"%s\",\"Port\":1,\"Check\":{\"CheckID\":\"%s\",\"TTL\":\"60s\"}}"
					.formatted(service, id, id));
	}

	/** Lets the check of a critical instance pass. */
	public void pass(String id) {
		put("/v1/agent/check/pass/" + id, "");
	}

	/** Removes an instance. */
	public void deregister(String id) {
		put("/v1/agent/service/deregister/" + id, "");
	}

	/** Writes a value to the key-value store. */
	public void putKey(String key, String value) {
		put("/v1/kv/" + key, value);
	}

	/**
	 * The answer to a GET of the agent's HTTP API; empty when there is nothing at the
	 * path.
	 */
	public String get(String path) {
		HttpResponse<String> response = send(HttpRequest.newBuilder(agent.resolve(path)).GET().build());
		return (response.statusCode() == 404) ? "" : response.body();
	}

	private void put(String path, String body) {
		HttpResponse<String> response = send(
				HttpRequest.newBuilder(agent.resolve(path)).PUT(BodyPublishers.ofString(body)).build());
		if (response.statusCode() != 200) {
			throw new IllegalStateException(path + ": HTTP " + response.statusCode() + " " + response.body());
		}
	}

	private HttpResponse<String> send(HttpRequest request) {
		try {
			return http.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for Consul", ex);
		}
	}

}
