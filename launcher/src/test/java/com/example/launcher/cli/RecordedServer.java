package com.example.launcher.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * Answers with what it was given, and keeps what it was asked.
 */
final class RecordedServer implements AutoCloseable {

	private final Map<String, Answer> answers = new ConcurrentHashMap<>();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	RecordedServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", this::handle);
		server.start();
	}

	String url() {
		return "http://127.0.0.1:" + server.getAddress().getPort();
	}

	/** Gives the answer to a path, whatever its parameters. */
	void answer(String path, String body) {
		answer(path, 200, body);
	}

	void answer(String path, int status, String body) {
		answers.put(path, new Answer(status, body));
	}

	Request request() {
		return requests.get(requests.size() - 1);
	}

	@Override
	public void close() {
		server.stop(0);
	}

	private void handle(HttpExchange exchange) throws IOException {
		URI uri = exchange.getRequestURI();
		requests.add(new Request(exchange.getRequestMethod() + " " + uri,
				new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
				exchange.getRequestHeaders().getFirst("Authorization"),
				exchange.getRequestHeaders().getFirst("Content-Type")));
		Answer answer = answers.getOrDefault(uri.getPath(), new Answer(404, ""));
		byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(answer.status, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	/**
	 * What was asked.
	 *
	 * @param line method, path and parameters
	 * @param body what came along
	 * @param authorization header of that name, {@code null} without one
	 * @param contentType header of that name, {@code null} without one
	 */
	record Request(String line, String body, @Nullable String authorization, @Nullable String contentType) {

	}

	/** What is answered. */
	private record Answer(int status, String body) {

	}

}
