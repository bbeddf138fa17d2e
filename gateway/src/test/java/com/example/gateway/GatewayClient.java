package com.example.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

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

	Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(10_000);
		return socket;
	}

	/**
	 * Sends what HTTP libraries do not.
	 * @param line the request line
	 * @param rest headers with their line ends, and after an empty line the body
	 * @return all that comes back; the bytes are the characters
	 */
	String raw(String line, String rest) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			boolean body = rest.contains("\r\n\r\n");
			RawBackend.write(socket, line + "\r\nHost: a\r\nConnection: close\r\n" + rest + (body ? "" : "\r\n"));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
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
