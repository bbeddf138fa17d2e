package com.example.launcher.configserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

import com.example.launcher.process.LocalSystemException;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConfigServerTests {

	@Test
	void anAnswerThatStallsAfterItsHeadersEnds() throws IOException {
		HttpServer stalling = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		// The exchange is never closed, so the rest of the body never comes.
		stalling.createContext("/", (exchange) -> {
			exchange.sendResponseHeaders(200, 100);
			exchange.getResponseBody().write('{');
			exchange.getResponseBody().flush();
		});
		stalling.start();
		try {
			ConfigServer server = new ConfigServer(URI.create("http://127.0.0.1:" + stalling.getAddress().getPort()),
					null, Duration.ofMillis(200));
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(server::overview)
				.withMessageContaining("does not answer");
		}
		finally {
			stalling.stop(0);
		}
	}

}
