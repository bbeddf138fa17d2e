package com.example.platform.configclient.fetching;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConfigServersTests {

	private static final String ANSWER = """
			{"name": "deli", "profiles": ["default"], "label": "0123", "version": "0123",
			 "propertySources": [{"name": "deli.yml", "source": {
			  "greeting.text": {"value": "hello", "origin": "deli.yml:2"}}}]}
			""";

	private final ExecutorService handlers = Executors.newCachedThreadPool();

	private final CountDownLatch end = new CountDownLatch(1);

	private final List<HttpServer> servers = new ArrayList<>();

	private volatile Headers asked = new Headers();

	@AfterEach
	void close() {
		end.countDown();
		servers.forEach((server) -> server.stop(0));
		handlers.shutdownNow();
	}

	@Test
	void whatStallsAfterItsHeadersOrTricklesGivesWayToTheNextServer() throws IOException {
		ConfigServers all = servers(this::stall, this::trickle, ConfigServersTests::answer);
		assertThat(all.fetch("deli", "default", "0123").revision()).isEqualTo("0123");
	}

	@Test
	void whatNoServerGivesIsToldWithEachReason() throws IOException {
		ConfigServers all = servers(this::stall, (exchange) -> refuse(exchange, 404, "{}"),
				(exchange) -> refuse(exchange, 503, "{\"detail\": \"No revision can be released yet.\"}"),
				(exchange) -> refuse(exchange, 200, "<html>"));
		assertThatExceptionOfType(ConfigServerUnavailableException.class)
			.isThrownBy(() -> all.fetch("deli", "default", "0123"))
			.withMessageContaining("is not complete")
			.withMessageContaining("does not know revision 0123")
			.withMessageContaining("No revision can be released yet.")
			.withMessageContaining("no configuration");
	}

	@Test
	void anAnswerThatIsFarTooLongIsNotRead() throws IOException {
		ConfigServers all = servers((exchange) -> {
			exchange.sendResponseHeaders(200, 1L << 40);
			exchange.getResponseBody().write(new byte[1 << 16]);
		}, ConfigServersTests::answer);
		assertThat(all.fetch("deli", "default", "0123").revision()).isEqualTo("0123");
	}

	@Test
	void namesAreEncodedAndHeadersAreSent() throws IOException {
		ConfigServers all = servers((exchange) -> {
			asked = exchange.getRequestHeaders();
			assertThat(exchange.getRequestURI().getRawPath()).isEqualTo("/a%2Fb%20c/default,test/0123");
			answer(exchange);
		});
		all.fetch("a/b c", "default,test", "0123");
		assertThat(asked.getFirst("X-Team")).isEqualTo("deli");
		assertThat(asked.getFirst("Authorization")).startsWith("Basic ");
	}

	private ConfigServers servers(HttpHandler... handling) throws IOException {
		List<String> uris = new ArrayList<>();
		for (HttpHandler handler : handling) {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.setExecutor(handlers);
			server.createContext("/", handler);
			server.start();
			servers.add(server);
			uris.add("http://127.0.0.1:" + server.getAddress().getPort());
		}
		ConfigClientProperties properties = new ConfigClientProperties(new MockEnvironment());
		properties.setUri(uris.toArray(String[]::new));
		properties.setUsername("me");
		properties.setPassword("secret");
		properties.setHeaders(Map.of("X-Team", "deli"));
		properties.setRequestReadTimeout(500);
		return new ConfigServers(properties, null, new Random(1));
	}

	private static void answer(HttpExchange exchange) throws IOException {
		refuse(exchange, 200, ANSWER);
	}

	private static void refuse(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	private void stall(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, ANSWER.length());
		exchange.getResponseBody().write('{');
		exchange.getResponseBody().flush();
		isEnd(TimeUnit.HOURS.toMillis(1));
	}

	private void trickle(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, 0);
		try (OutputStream body = exchange.getResponseBody()) {
			do {
				body.write(' ');
				body.flush();
			}
			while (!isEnd(50));
		}
	}

	private boolean isEnd(long millis) {
		try {
			return end.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

}
