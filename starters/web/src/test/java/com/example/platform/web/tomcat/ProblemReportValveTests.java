package com.example.platform.web.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ProblemReportValveTests {

	private final int port;

	ProblemReportValveTests(@LocalServerPort int port) {
		this.port = port;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/%00", "/[x]", "/a%2f..%2fb", "/%zz" })
	void aPathThatTomcatRefusesIsAProblem(String path) throws IOException {
		String response = get(path);
		assertThat(response).startsWith("HTTP/1.1 400")
			.contains("Content-Type: application/problem+json")
			.containsPattern("\r\nX-Request-Id: [0-9a-f-]{36}\r\n")
			.contains("\"type\":\"about:blank\"", "\"title\":\"Bad Request\"", "\"status\":400", "\"detail\":\"",
					"\"instance\":\"/")
			.containsPattern("\"requestId\":\"[0-9a-f-]{36}\"")
			.doesNotContain("<html")
			.doesNotContain("Exception");
	}

	// HTTP clients refuse to send such paths.
	private String get(String path) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
