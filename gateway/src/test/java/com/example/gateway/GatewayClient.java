package com.example.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * A client of the gateway under test: one attempt for each request.
 */
final class GatewayClient {

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	GatewayClient(int port) {
		this.port = port;
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
	}

	HttpResponse<String> get(String path) {
		return send(request(path));
	}

	HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return http.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Whether at least one of two requests gets to a backend. */
	boolean reaches(Backend backend, String path) {
		int before = backend.received().size();
		get(path);
		get(path);
		return backend.received().size() > before;
	}

}
