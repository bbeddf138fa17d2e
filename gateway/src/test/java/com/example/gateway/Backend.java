package com.example.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A service behind the gateway, which answers with the given status and remembers what it
 * was asked. A status of 0 ends the connection without an answer.
 */
final class Backend implements AutoCloseable {

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private volatile int status = 200;

	Backend() throws IOException {
		server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(threads);
		server.createContext("/", this::answer);
		server.start();
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange; InputStream body = exchange.getRequestBody()) {
			received.add(new Received(exchange.getRequestMethod() + " " + exchange.getRequestURI(),
					exchange.getRequestHeaders(), body.readAllBytes().length));
			if (status != 0) {
				byte[] answer = "{\"port\":%d}".formatted(port()).getBytes(StandardCharsets.UTF_8);
				exchange.getResponseHeaders().set("Content-Type", "application/json");
				exchange.sendResponseHeaders(status, answer.length);
				exchange.getResponseBody().write(answer);
			}
		}
	}

	int port() {
		return server.getAddress().getPort();
	}

	void answerWith(int newStatus) {
		status = newStatus;
	}

	List<Received> received() {
		return received;
	}

	@Override
	public void close() {
		server.stop(0);
		threads.shutdownNow();
	}

	record Received(String request, Headers headers, int bodyLength) {
	}

}
