package com.example.systemtests;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proves that bad input is refused through the gateway with problem details that name a
 * field and a reason, and that nothing of it is written.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputSystemTests {

	private static final List<String> MEMBERS = List.of("type", "title", "status", "detail", "instance", "errors",
			"requestId", "traceId");

	private static final long UNKNOWN_USER = 999_999_999;

	private long userId;

	@BeforeAll
	void createUser() {
		userId = Http.createUser();
	}

	Stream<BadInput> badInputs() {
		String good = Http.orderJson(userId);
		return Stream
			.of(new BadInput("malformed JSON", post(good.substring(0, good.length() - 3)), 400, ""),
					new BadInput("no body", post(""), 400, ""), new BadInput("an array", post("[1,2]"), 400, ""),
					new BadInput("an unknown user", post(Http.orderJson(UNKNOWN_USER)), 422, "userId"),
					new BadInput("a negative quantity", post(good.replace("\"quantity\":2", "\"quantity\":-2")), 400,
							"lines[0].quantity"),
					new BadInput("a quantity that is no number",
							post(good.replace("\"quantity\":2", "\"quantity\":\"many\"")), 400, "lines[0].quantity"),
					new BadInput("a quantity beyond every number",
							post(good.replace("\"quantity\":2", "\"quantity\":99999999999999999999")), 400,
							"lines[0].quantity"),
					new BadInput("a currency that does not exist", post(good.replace("EUR", "XXQ")), 400,
							"lines[0].unitPrice.currency"),
					new BadInput("no lines", post("{\"userId\":" + userId + ",\"lines\":[]}"), 400, "lines"),
					new BadInput("an unknown property", post(good.replace("\"sku\"", "\"sku2\":1,\"sku\"")), 400,
							"lines[0].sku2"),
					new BadInput("no idempotency key",
							Http.request(RunningSystem.gateway(), "/api/orders")
								.header("Content-Type", "application/json")
								.POST(BodyPublishers.ofString(good)),
							400, "Idempotency-Key"),
					new BadInput("a body of 2 MiB", post(good.replace("book-1", "x".repeat(2 * 1024 * 1024))), 413, ""),
					new BadInput("the wrong content type",
							request("/api/orders").header("Content-Type", "text/plain")
								.POST(BodyPublishers.ofString(good)),
							415, ""),
					new BadInput("an unknown path", request("/api/orders/a/b/c").GET(), 404, ""),
					new BadInput("a path of nobody", request("/nothing").GET(), 404, ""),
					new BadInput("an id that is none", request("/api/orders/not-an-id").GET(), 400, ""),
					new BadInput("an order that does not exist", request("/api/orders/" + UUID.randomUUID()).GET(), 404,
							""),
					new BadInput("a method that is not supported", request("/api/orders").DELETE(), 405, ""),
					new BadInput("matrix parameters", request("/api/orders;a=b").GET(), 400, "path"),
					new BadInput("a page that is too large", request("/api/users?size=100000").GET(), 400, "size"),
					new BadInput("an e-mail address that is none",
							request("/api/users").header("Content-Type", "application/json")
								.POST(BodyPublishers.ofString("{\"name\":\"Ada\",\"email\":\"nowhere\"}")),
							400, "email"));
	}

	@ParameterizedTest
	@MethodSource("badInputs")
	void badInputIsRefusedWithAReason(BadInput input) {
		HttpResponse<String> response = Http.send(input.request());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(input.status());
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		JsonNode problem = Http.json(response);
		assertThat(problem.propertyNames()).containsAll(MEMBERS);
		assertThat(response.headers().firstValue("X-Request-Id")).hasValue(problem.path("requestId").asString());
		assertThat(problem.path("status").asInt()).isEqualTo(input.status());
		assertThat(problem.path("detail").asString()).isNotBlank();
		assertThat(response.body()).doesNotContain("Exception", "com.example", "org.springframework", "\tat ");
		assertThat(problem.path("errors").size()).as(response.body()).isPositive();
		for (JsonNode error : problem.path("errors")) {
			assertThat(error.path("reason").asString()).isNotBlank();
		}
		if (!input.field().isEmpty()) {
			assertThat(problem.path("errors")).extracting((error) -> error.path("field").asString())
				.contains(input.field());
		}
	}

	@AfterAll
	void nothingWasWritten() {
		assertThat(Http.get(RunningSystem.gateway(), "/api/orders?userId=" + userId).body()).contains("\"items\":[]");
		assertThat(Http.get(RunningSystem.gateway(), "/api/orders?userId=" + UNKNOWN_USER).body())
			.contains("\"items\":[]");
	}

	private static HttpRequest.Builder post(String body) {
		return request("/api/orders").header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
	}

	private static HttpRequest.Builder request(String path) {
		return Http.request(RunningSystem.gateway(), path).header("Idempotency-Key", UUID.randomUUID().toString());
	}

	record BadInput(String name, HttpRequest.Builder request, int status, String field) {

		@Override
		public String toString() {
			return name;
		}

	}

}
