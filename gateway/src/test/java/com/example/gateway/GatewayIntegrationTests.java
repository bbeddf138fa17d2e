package com.example.gateway;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=1s",
				"platform.gateway.max-request-size=1KB" })
@WithConsul
class GatewayIntegrationTests {

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final Backend one = new Backend();

	private final Backend two = new Backend();

	private final GatewayClient client;

	private final GatewayClient management;

	GatewayIntegrationTests(@LocalServerPort int port, @LocalManagementPort int managementPort) throws IOException {
		this.client = new GatewayClient(port);
		this.management = new GatewayClient(managementPort);
	}

	@BeforeEach
	void register() {
		registry.register("user-service", "user-service-1", one.port(), Map.of());
		registry.register("user-service", "user-service-2", two.port(), Map.of());
		await().until(() -> client.reaches(one, "/api/users/1") && client.reaches(two, "/api/users/1"));
		one.received().clear();
		two.received().clear();
	}

	@AfterEach
	void deregister() {
		registry.deregister("user-service-1");
		registry.deregister("user-service-2");
		one.close();
		two.close();
	}

	@Test
	void requestsSpreadEvenlyOverTheInstancesThatConsulKnows() {
		for (int i = 0; i < 100; i++) {
			assertThat(client.get("/api/users/" + i).statusCode()).isEqualTo(200);
		}
		assertThat(one.received()).hasSize(50);
		assertThat(two.received()).hasSize(50);
	}

	@Test
	void theRequestIdOfTheCallerGoesInAndComesBack() {
		HttpResponse<String> response = client.send(client.request("/api/users/1").header("X-Request-Id", "abc-123"));
		assertThat(response.headers().allValues("X-Request-Id")).containsExactly("abc-123");
		assertThat(theOne().headers().get("X-Request-Id")).containsExactly("abc-123");
	}

	@Test
	void aRequestWithoutAnIdGetsOne() {
		String id = client.get("/api/users/1").headers().firstValue("X-Request-Id").orElseThrow();
		assertThat(id).hasSize(36);
		assertThat(theOne().headers().get("X-Request-Id")).containsExactly(id);
	}

	@Test
	void aRequestIdThatIsNotFitForLogsIsReplaced() {
		HttpResponse<String> response = client
			.send(client.request("/api/users/1").header("X-Request-Id", "<script> " + "x".repeat(99)));
		assertThat(response.headers().firstValue("X-Request-Id").orElseThrow()).hasSize(36);
	}

	@Test
	void theCallersWishForACanaryPasses() {
		client.send(client.request("/api/users/1").header("x-canary", "true"));
		assertThat(theOne().headers().get("x-canary")).containsExactly("true");
	}

	@Test
	void aPathThatNobodyServesIsAProblem() {
		assertProblem(client.get("/nothing/here"), 404, "path: nothing is served here");
	}

	@Test
	void actuatorPathsDoNotPass() {
		for (String path : new String[] { "/actuator", "/actuator/health", "/actuator/prometheus",
				"/user-service/actuator/health", "/api/users/../../actuator/health",
				"/api/users/%2e%2e/%2E%2E/actuator/health", "/api/users/..;a=b/..;/actuator/health",
				"/api/users/..%2F..%2Factuator/health", "/api/users/..%5C..%5Cactuator/health" }) {
			assertThat(client.get(path).statusCode()).as(path).isIn(400, 404);
		}
		assertThat(one.received()).isEmpty();
		assertThat(two.received()).isEmpty();
	}

	@Test
	void healthAndMetricsAreServedOnThePortForTheInside() {
		assertThat(management.get("/actuator/health/readiness").body()).contains("UP");
		assertThat(management.get("/actuator/prometheus").body()).contains("jvm_memory_used_bytes");
	}

	@Test
	void aBodyAboveTheLimitIsRefusedAndReachesNobody() {
		assertProblem(client.send(client.request("/api/users").POST(BodyPublishers.ofString("x".repeat(1025)))), 413,
				"body: may have at most 1024 bytes");
		assertThat(one.received()).isEmpty();
		assertThat(two.received()).isEmpty();
	}

	@Test
	void aChunkedBodyCannotHideItsSize() {
		BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[200_000]));
		assertThat(client.send(client.request("/api/users").POST(chunked)).statusCode()).isEqualTo(413);
	}

	@Test
	void aConnectionGoesOnBehindARequestThatWaitedForTheOneBeforeIt() throws IOException {
		one.answerAfter(Duration.ofMillis(100));
		two.answerAfter(Duration.ofMillis(100));
		String slow = "GET /api/users/1 HTTP/1.1\r\nHost: a\r\n\r\n";
		String atOnce = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
		try (Socket socket = client.connect()) {
			BufferedReader answers = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
			RawBackend.write(socket, slow + atOnce);
			assertThat(status(answers)).isEqualTo("HTTP/1.1 200 OK");
			assertThat(status(answers)).isEqualTo("HTTP/1.1 404 Not Found");
			RawBackend.write(socket, atOnce);
			assertThat(status(answers)).isEqualTo("HTTP/1.1 404 Not Found");
		}
	}

	@Test
	void aServiceThatNobodyRunsIsAProblemThatSaysSo() {
		HttpResponse<String> response = client.get("/api/orders/1");
		assertProblem(response, 503,
				"No instance of the service can be reached at the moment. The request was not processed; try again.");
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
	}

	@Test
	void whatAServiceAnswersPassesUntouched() {
		one.answerWith(409);
		two.answerWith(409);
		HttpResponse<String> response = client.send(client.request("/api/users").POST(BodyPublishers.ofString("{}")));
		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(response.body()).contains("port");
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		JsonNode problem = new JsonMapper().readTree(response.body());
		assertThat(problem.path("status").asInt()).isEqualTo(status);
		assertThat(problem.path("detail").asString()).isEqualTo(detail);
		assertThat(problem.path("requestId").asString())
			.isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
	}

	private Backend.Received theOne() {
		return one.received().isEmpty() ? two.received().get(0) : one.received().get(0);
	}

	private static String status(BufferedReader answers) throws IOException {
		String line = answers.readLine();
		while (!line.contains("HTTP/1.1 ")) {
			line = answers.readLine();
		}
		// A body has no line end behind it.
		return line.substring(line.indexOf("HTTP/1.1 "));
	}

}
