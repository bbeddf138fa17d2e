package com.example.order.placing;

import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.assertj.MvcTestResultAssert;

import static org.mockito.Mockito.verifyNoInteractions;

@WebMvcTest(controllers = OrderController.class, properties = "spring.cloud.config.enabled=false")
@TestConstructor(autowireMode = AutowireMode.ALL)
class OrderControllerTests {

	private static final String LINE = """
			{"sku": "A", "quantity": 1, "unitPrice": {"minorUnits": 10, "currency": "EUR"}}""";

	private final MockMvcTester mvc;

	@MockitoBean
	@SuppressWarnings("NullAway.Init")
	private Orders orders;

	OrderControllerTests(MockMvcTester mvc) {
		this.mvc = mvc;
	}

	static Stream<Arguments> badBodies() {
		String large = "a".repeat(2 * 1024 * 1024);
		return Stream.of(Arguments.of("{\"userId\":", 400, "body"), Arguments.of("", 400, "body"),
				Arguments.of("[]", 400, "body"), Arguments.of("{\"sku\":\"" + large + "\"}", 413, "body"),
				Arguments.of(order("0", LINE), 400, "userId"), Arguments.of(order("\"1\"", LINE), 400, "userId"),
				Arguments.of(order("1.5", LINE), 400, "userId"), Arguments.of("{\"userId\":1}", 400, "lines"),
				Arguments.of(order("1", ""), 400, "lines"), Arguments.of(order("1", "null"), 400, "lines[0]"),
				Arguments.of(order("1", LINE.replace("1,", "-1,")), 400, "lines[0].quantity"),
				Arguments.of(order("1", LINE.replace("1,", "99999999999,")), 400, "lines[0].quantity"),
				Arguments.of(order("1", LINE + "," + LINE.replace("10", "-10")), 400, "lines[1].unitPrice.minorUnits"),
				Arguments.of(order("1", LINE.replace("EUR", "eur")), 400, "lines[0].unitPrice.currency"),
				Arguments.of(order("1", LINE.replace("\"A\"", "\"\"")), 400, "lines[0].sku"),
				Arguments.of(order("1", LINE.replace("\"A\"", "\"\\ud83d\"")), 400, "lines[0].sku"),
				Arguments.of(order("1", LINE.replace("EUR", "EU\\u0000")), 400, "lines[0].unitPrice.currency"),
				Arguments.of(order("1", LINE.replace("sku", "color")), 400, "lines[0].color"));
	}

	@ParameterizedTest
	@MethodSource("badBodies")
	void aBadBodyIsRefusedWithFieldAndReason(String body, int status, String field) {
		assertProblem(post("key").contentType(MediaType.APPLICATION_JSON).content(body).assertThat(), status, field);
	}

	@Test
	void anOrderWithoutAKeyIsRefused() {
		MvcTestResultAssert response = post(null).contentType(MediaType.APPLICATION_JSON)
			.content(order("1", LINE))
			.assertThat();
		assertProblem(response, 400, "Idempotency-Key");
	}

	@ParameterizedTest
	@CsvSource({ "''", "two words", "kéy", "'one,two'",
			"01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890" })
	void aBadKeyIsRefused(String key) {
		MvcTestResultAssert response = post(key).contentType(MediaType.APPLICATION_JSON)
			.content(order("1", LINE))
			.assertThat();
		assertProblem(response, 400, "Idempotency-Key");
	}

	@Test
	void anotherContentTypeIsRefused() {
		assertProblem(post("key").contentType(MediaType.TEXT_XML).content("<a/>").assertThat(), 415, "Content-Type");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /api/orders/abc, 400, orderId", "POST, /api/orders/abc/cancellation, 400, orderId",
			"GET, /api/orders, 400, userId", "GET, /api/orders?userId=x, 400, userId",
			"GET, /api/orders?userId=0, 400, userId", "GET, /api/orders?userId=1&size=0, 400, size",
			"GET, /api/orders?userId=1&size=101, 400, size", "GET, /api/orders?userId=1&userId=2, 400, userId",
			"GET, /api/orders?userId=1&after=x, 400, after", "DELETE, /api/orders, 405, method",
			"GET, /api/nothing, 404, path" })
	void aBadRequestLineIsRefusedWithFieldAndReason(String method, String uri, int status, String field) {
		assertProblem(mvc.method(HttpMethod.valueOf(method)).uri(uri).assertThat(), status, field);
	}

	private MockMvcRequestBuilder post(@Nullable String key) {
		MockMvcRequestBuilder request = mvc.post().uri("/api/orders");
		return (key != null) ? request.header("Idempotency-Key", key) : request;
	}

	private static String order(String userId, String lines) {
		return "{\"userId\": " + userId + ", \"lines\": [" + lines + "]}";
	}

	private void assertProblem(MvcTestResultAssert response, int status, String field) {
		response.hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		response.bodyJson().extractingPath("$.errors[0].field").isEqualTo(field);
		response.bodyJson().extractingPath("$.errors[0].reason").asString().isNotBlank();
		verifyNoInteractions(orders);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Limits {

		@Bean
		Supplier<OrderLimits> orderLimits() {
			return () -> new OrderLimits(20, 1000, 100_000_000);
		}

	}

}
