package com.example.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A service behind the gateway, which answers with the given status after the given time
 * and remembers what it was asked.
 */
final class Backend implements AutoCloseable {

	/** Instead of a status: ends the connection without an answer. */
	static final int NO_ANSWER = 0;

	/** Instead of a status: breaks the connection before the body has been read. */
	static final int RESET = -1;

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile int status = 200;

	private volatile Duration delay = Duration.ZERO;

	Backend() throws IOException {
		server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(threads);
		server.createContext("/", this::answer);
		server.start();
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange; InputStream body = exchange.getRequestBody()) {
			received.add(new Received(exchange.getRequestMethod() + " " + exchange.getRequestURI(),
					exchange.getRequestHeaders(),
					(status != RESET) ? new String(body.readAllBytes(), StandardCharsets.UTF_8) : ""));
			if (!closed.await(delay.toMillis(), TimeUnit.MILLISECONDS) && status > 0) {
				byte[] answer = "{\"port\":%d}".formatted(port()).getBytes(StandardCharsets.UTF_8);
				exchange.getResponseHeaders().set("Content-Type", "application/json");
				exchange.sendResponseHeaders(status, answer.length);
				exchange.getResponseBody().write(answer);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	int port() {
		return server.getAddress().getPort();
	}

	void answerWith(int newStatus) {
		status = newStatus;
	}

	void answerAfter(Duration newDelay) {
		delay = newDelay;
	}

	List<Received> received() {
		return received;
	}

	@Override
	public void close() {
		closed.countDown();
		server.stop(0);
		threads.shutdownNow();
	}

	record Received(String request, Headers headers, String body) {
	}

}
