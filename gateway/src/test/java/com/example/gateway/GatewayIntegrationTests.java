package com.example.gateway;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

	private final HttpClient http = HttpClient.newHttpClient();

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final Backend one = new Backend();

	private final Backend two = new Backend();

	private final int port;

	private final int managementPort;

	GatewayIntegrationTests(@LocalServerPort int port, @LocalManagementPort int managementPort) throws IOException {
		this.port = port;
		this.managementPort = managementPort;
	}

	@BeforeEach
	void register() {
		registry.register("user-service", "user-service-1", one.port(), Map.of());
		registry.register("user-service", "user-service-2", two.port(), Map.of());
		await().until(() -> reaches(one) && reaches(two));
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
			assertThat(get("/api/users/" + i).statusCode()).isEqualTo(200);
		}
		assertThat(one.received()).hasSize(50);
		assertThat(two.received()).hasSize(50);
	}

	@Test
	void theRequestIdOfTheCallerGoesInAndComesBack() {
		HttpResponse<String> response = send(request("/api/users/1").header("X-Request-Id", "abc-123"));
		assertThat(response.headers().allValues("X-Request-Id")).containsExactly("abc-123");
		assertThat(theOne().headers().get("X-Request-Id")).containsExactly("abc-123");
	}

	@Test
	void aRequestWithoutAnIdGetsOne() {
		String id = get("/api/users/1").headers().firstValue("X-Request-Id").orElseThrow();
		assertThat(id).hasSize(36);
		assertThat(theOne().headers().get("X-Request-Id")).containsExactly(id);
	}

	@Test
	void aRequestIdThatIsNotFitForLogsIsReplaced() {
		HttpResponse<String> response = send(
				request("/api/users/1").header("X-Request-Id", "<script> " + "x".repeat(99)));
		assertThat(response.headers().firstValue("X-Request-Id").orElseThrow()).hasSize(36);
	}

	@Test
	void theCallersWishForACanaryPasses() {
		send(request("/api/users/1").header("x-canary", "true"));
		assertThat(theOne().headers().get("x-canary")).containsExactly("true");
	}

	@Test
	void aPathThatNobodyServesIsAProblem() {
		assertProblem(get("/nothing/here"), 404, "path: nothing is served here");
	}

	@Test
	void actuatorPathsDoNotPass() {
		for (String path : new String[] { "/actuator", "/actuator/health", "/actuator/prometheus",
				"/user-service/actuator/health", "/api/users/../../actuator/health",
				"/api/users/%2e%2e/%2E%2E/actuator/health", "/api/users/..;a=b/..;/actuator/health",
				"/api/users/..%2F..%2Factuator/health", "/api/users/..%5C..%5Cactuator/health" }) {
			assertThat(get(path).statusCode()).as(path).isIn(400, 404);
		}
		assertThat(one.received()).isEmpty();
		assertThat(two.received()).isEmpty();
	}

	@Test
	void healthAndMetricsAreServedOnThePortForTheInside() {
		assertThat(send(
				HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness")))
			.body()).contains("UP");
		assertThat(
				send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus")))
					.body())
			.contains("jvm_memory_used_bytes");
	}

	@Test
	void aBodyAboveTheLimitIsRefusedAndReachesNobody() {
		assertProblem(send(request("/api/users").POST(BodyPublishers.ofString("x".repeat(1025)))), 413,
				"body: may have at most 1024 bytes");
		assertThat(one.received()).isEmpty();
		assertThat(two.received()).isEmpty();
	}

	@Test
	void aChunkedBodyCannotHideItsSize() {
		BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[200_000]));
		assertThat(send(request("/api/users").POST(chunked)).statusCode()).isEqualTo(413);
	}

	@Test
	void aServiceThatNobodyRunsIsAProblemThatSaysSo() {
		HttpResponse<String> response = get("/api/orders/1");
		assertProblem(response, 503,
				"No instance of the service can be reached at the moment. The request was not processed; try again.");
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
	}

	@Test
	void whatAServiceAnswersPassesUntouched() {
		one.answerWith(409);
		two.answerWith(409);
		HttpResponse<String> response = send(request("/api/users").POST(BodyPublishers.ofString("{}")));
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

	private boolean reaches(Backend backend) {
		int before = backend.received().size();
		get("/api/users/1");
		get("/api/users/1");
		return backend.received().size() > before;
	}

	private HttpResponse<String> get(String path) {
		return send(request(path));
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return http.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
