package com.example.order;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.GetOrderRequest;
import com.example.contracts.order.v1.Money;
import com.example.contracts.order.v1.Order;
import com.example.contracts.order.v1.OrderLine;
import com.example.contracts.order.v1.OrderStatus;
import com.example.contracts.order.v1.PlaceOrderRequest;
import com.example.contracts.order.v1.PlaceOrderResponse;
import com.example.contracts.order.v1.PlaceOrdersResponse;
import com.example.contracts.order.v1.PlacingServiceGrpc;
import com.example.platform.grpc.GrpcErrors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class PlacingIntegrationTests extends OrderServiceIntegrationTest {

	private static final int THREADS = 16;

	private final RestTestClient rest;

	PlacingIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, @LocalServerPort int port) {
		super(server, jdbc);
		rest = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
	}

	@Test
	void aPlacedOrderCanBeReadOverGrpcAndRest() {
		Order order = orders.placeOrder(request(1, "a", line("A", 2, 1999), line("B", 1, 5))).getOrder();
		assertThat(order.getTotal()).isEqualTo(Money.newBuilder().setMinorUnits(4003).setCurrency("EUR").build());
		assertThat(orders.getOrder(GetOrderRequest.newBuilder().setOrderId(order.getId()).build()).getOrder())
			.isEqualTo(order);
		rest.get()
			.uri("/api/orders/" + order.getId())
			.exchange()
			.expectBody()
			.jsonPath("$.total.minorUnits")
			.isEqualTo(4003)
			.jsonPath("$.lines[1].sku")
			.isEqualTo("B");
	}

	@Test
	void placingTwiceWithTheSameKeyReturnsTheFirstOrder() {
		PlaceOrderResponse first = orders.placeOrder(request(1, "a", line("A", 1, 10)));
		PlaceOrderResponse second = orders.placeOrder(request(1, "a", line("A", 1, 10)));
		assertThat(first.getCreated()).isTrue();
		assertThat(second.getCreated()).isFalse();
		assertThat(second.getOrder()).isEqualTo(first.getOrder());
		assertThat(count("orders")).isOne();
	}

	@Test
	void aRepeatNeedsNoUserService() {
		orders.placeOrder(request(1, "a", line("A", 1, 10)));
		USER_SERVICE.failNext(Integer.MAX_VALUE);
		assertThat(orders.placeOrder(request(1, "a", line("A", 1, 10))).getCreated()).isFalse();
		assertThat(USER_SERVICE.calls()).isZero();
	}

	@Test
	void theSameKeyOfAnotherUserIsAnotherOrder() {
		orders.placeOrder(request(1, "a", line("A", 1, 10)));
		assertThat(orders.placeOrder(request(2, "a", line("A", 1, 10))).getCreated()).isTrue();
	}

	@Test
	void sixteenThatPlaceTheSameOrderAtOncePlaceItOnce() throws Exception {
		CyclicBarrier start = new CyclicBarrier(THREADS);
		Callable<PlaceOrderResponse> place = () -> {
			start.await(10, TimeUnit.SECONDS);
			return orders.placeOrder(request(1, "same", line("A", 1, 10), line("B", 2, 20)));
		};
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<PlaceOrderResponse>> responses = threads
				.invokeAll(Stream.generate(() -> place).limit(THREADS).toList());
			List<PlaceOrderResponse> placed = responses.stream().map(PlacingIntegrationTests::get).toList();
			assertThat(placed.stream().map(PlaceOrderResponse::getOrder).collect(Collectors.toSet())).hasSize(1);
			assertThat(placed.stream().filter(PlaceOrderResponse::getCreated)).hasSize(1);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(count("orders")).isOne();
		assertThat(count("order_line")).isEqualTo(2);
		assertThat(count("order_event")).isOne();
	}

	static Stream<Arguments> refusals() {
		OrderLine good = line("A", 1, 10);
		OrderLine dollars = OrderLine.newBuilder(good)
			.setUnitPrice(Money.newBuilder().setMinorUnits(1).setCurrency("USD"))
			.build();
		return Stream.of(Arguments.of(request(1, "", good), Status.Code.INVALID_ARGUMENT, "idempotency_key"),
				Arguments.of(request(1, "k".repeat(101), good), Status.Code.INVALID_ARGUMENT, "idempotency_key"),
				Arguments.of(request(1, "one,two", good), Status.Code.INVALID_ARGUMENT, "idempotency_key"),
				Arguments.of(request(1, "a\0", good), Status.Code.INVALID_ARGUMENT, "idempotency_key"),
				Arguments.of(request(1, "a\uFFFE", good), Status.Code.INVALID_ARGUMENT, "idempotency_key"),
				Arguments.of(request(1, "a", line("A\0", 1, 10)), Status.Code.INVALID_ARGUMENT, "lines[0].sku"),
				Arguments.of(request(0, "a", good), Status.Code.INVALID_ARGUMENT, "user_id"),
				Arguments.of(request(1, "a"), Status.Code.INVALID_ARGUMENT, "lines"),
				Arguments.of(request(1, "a", line("", 1, 10)), Status.Code.INVALID_ARGUMENT, "lines[0].sku"),
				Arguments.of(request(1, "a", good, line("B", 0, 10)), Status.Code.INVALID_ARGUMENT,
						"lines[1].quantity"),
				Arguments.of(request(1, "a", line("A", 1, -1)), Status.Code.INVALID_ARGUMENT,
						"lines[0].unit_price.minor_units"),
				Arguments.of(request(1, "a", OrderLine.newBuilder(good).clearUnitPrice().build()),
						Status.Code.INVALID_ARGUMENT, "lines[0].unit_price.currency"),
				Arguments.of(request(1, "a", good, dollars), Status.Code.INVALID_ARGUMENT,
						"lines[1].unit_price.currency"),
				Arguments.of(request(1, "a", line("A", 2, Long.MAX_VALUE)), Status.Code.INVALID_ARGUMENT, "lines[0]"),
				Arguments.of(request(1, "a", line("A", 1001, 1)), Status.Code.FAILED_PRECONDITION, "lines[0].quantity"),
				Arguments.of(request(1, "a", line("A", 1, 100_000_001)), Status.Code.FAILED_PRECONDITION, "lines"),
				Arguments.of(request(1, "a", Stream.generate(() -> good).limit(21).toArray(OrderLine[]::new)),
						Status.Code.FAILED_PRECONDITION, "lines"),
				Arguments.of(request(ContractUserService.UNKNOWN, "a", good), Status.Code.FAILED_PRECONDITION,
						"user_id"),
				Arguments.of(request(ContractUserService.BLOCKED, "a", good), Status.Code.FAILED_PRECONDITION,
						"user_id"));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void aRefusalNamesTheFieldAndLeavesNothing(PlaceOrderRequest request, Status.Code code, String field) {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.placeOrder(request));
		assertThat(error.getStatus().getCode()).isEqualTo(code);
		assertThat(GrpcErrors.badFields(error)).containsKey(field);
		assertThat(count("orders")).isZero();
		assertThat(count("order_event")).isZero();
	}

	@Test
	void aStreamPlacesEachOfItsOrdersOnceHoweverOftenItIsRepeated() throws Exception {
		PlaceOrderRequest[] stream = { request(1, "a", line("A", 1, 10)), request(2, "b", line("B", 1, 10)) };
		PlaceOrdersResponse first = stream(stream).next();
		assertThat(first.getPlaced()).isEqualTo(2);
		assertThat(first.getCreated()).isEqualTo(2);
		PlaceOrdersResponse second = stream(stream[0], stream[1], request(1, "c", line("C", 1, 10))).next();
		assertThat(second.getPlaced()).isEqualTo(3);
		assertThat(second.getCreated()).isOne();
		assertThat(count("orders")).isEqualTo(3);
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void aRefusalInAStreamNamesItsPositionAndWhatIsBehindItIsNotPlaced(PlaceOrderRequest request, Status.Code code,
			String field) throws Exception {
		Received<PlaceOrdersResponse> received = stream(request(1, "first", line("A", 1, 10)), request,
				request(1, "last", line("A", 1, 10)));
		assertThat(received.end().getCode()).isEqualTo(code);
		assertThat(GrpcErrors.badFields(Objects.requireNonNull(received.error()))).containsKey("[1]." + field);
		assertThat(received.peek()).isNull();
		assertThat(count("orders")).isOne();
	}

	@Test
	void aStreamThatIsGivenUpKeepsWhatWasPlaced() throws Exception {
		Received<PlaceOrdersResponse> received = new Received<>();
		StreamObserver<PlaceOrderRequest> stream = PlacingServiceGrpc.newStub(channel).placeOrders(received);
		stream.onNext(request(1, "a", line("A", 1, 10)));
		await().until(() -> count("orders") == 1);
		stream.onError(Status.CANCELLED.asException());
		assertThat(received.end().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(count("orders")).isOne();
	}

	@Test
	void theSameKeyWithOtherContentIsRefused() {
		orders.placeOrder(request(1, "a", line("A", 1, 10)));
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.placeOrder(request(1, "a", line("A", 2, 10))));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
		place("a", "{\"userId\":1,\"lines\":[]}").expectStatus().isBadRequest();
		place("a", body(1, "A", 3)).expectStatus().isEqualTo(409);
		assertThat(count("orders")).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "Idempotency-Key, a, b", "Idempotency-Key, a, a", "Content-Type, application/json, text/plain",
			"X-Request-Timeout, 1000, 2000", "x-canary, true, false" })
	void aHeaderThatComesTwiceIsRefused(String name, String one, String other) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("Idempotency-Key", "a");
		headers.set("Content-Type", "application/json");
		headers.put(name, List.of(one, other));
		rest.post()
			.uri("/api/orders")
			.headers((sent) -> sent.putAll(headers))
			.body(body(1, "A", 1).getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.errors[0].field")
			.isEqualTo(name);
		assertThat(count("orders")).isZero();
	}

	@Test
	void overRestTheFirstOrderIsCreatedAndItsRepeatIsOk() {
		String location = place("a", body(1, "A", 1)).expectStatus()
			.isCreated()
			.returnResult(String.class)
			.getResponseHeaders()
			.getFirst("Location");
		assertThat(location).startsWith("/api/orders/");
		place("a", body(1, "A", 1)).expectStatus().isOk();
	}

	@Test
	void whatUserServiceRefusesForAMomentIsAskedAgain() {
		USER_SERVICE.failNext(2);
		place("a", body(1, "A", 1)).expectStatus().isCreated();
		assertThat(USER_SERVICE.calls()).isEqualTo(3);
	}

	@Test
	void withoutUserServiceNothingIsWritten() {
		USER_SERVICE.failNext(Integer.MAX_VALUE);
		place("a", body(1, "A", 1)).expectStatus().isEqualTo(503).expectHeader().valueEquals("Retry-After", "1");
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.placeOrder(request(1, "a", line("A", 1, 1))));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(count("orders")).isZero();
	}

	@Test
	void anUnknownUserIsUnprocessable() {
		place("a", body(ContractUserService.UNKNOWN, "A", 1)).expectStatus()
			.isEqualTo(422)
			.expectBody()
			.jsonPath("$.errors[0].field")
			.isEqualTo("userId");
	}

	@Test
	void cancellingTwiceChangesNothingMore() {
		String id = orders.placeOrder(request(1, "a", line("A", 1, 10))).getOrder().getId();
		CancelOrderRequest cancel = CancelOrderRequest.newBuilder().setOrderId(id).build();
		Order cancelled = orders.cancelOrder(cancel).getOrder();
		assertThat(cancelled.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CANCELLED);
		assertThat(cancelled.hasCancelledAt()).isTrue();
		assertThat(orders.cancelOrder(cancel).getOrder()).isEqualTo(cancelled);
		rest.post()
			.uri("/api/orders/" + id + "/cancellation")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo("CANCELLED");
		assertThat(count("order_event")).isEqualTo(2);
	}

	@Test
	void whatIsNoIdOfAnOrderIsNotFound() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.getOrder(GetOrderRequest.newBuilder().setOrderId("x").build()));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(GrpcErrors.badFields(error)).containsKey("order_id");
	}

	@Test
	void followingNextShowsEveryOrderOfAUserTheLatestFirst() {
		for (String sku : List.of("A", "B", "C")) {
			orders.placeOrder(request(1, sku, line(sku, 1, 10)));
		}
		orders.placeOrder(request(2, "other", line("X", 1, 10)));
		rest.get()
			.uri("/api/orders?userId=1&size=2")
			.exchange()
			.expectBody()
			.jsonPath("$.items[*].lines[0].sku")
			.isEqualTo(List.of("C", "B"))
			.jsonPath("$.next")
			.value(String.class,
					(next) -> rest.get()
						.uri(next)
						.exchange()
						.expectBody()
						.jsonPath("$.items[*].lines[0].sku")
						.isEqualTo(List.of("A"))
						.jsonPath("$.next")
						.doesNotExist());
	}

	@Test
	void theLimitsAreThoseOfTheConfiguration() {
		rest.get()
			.uri("/api/orders/limits")
			.exchange()
			.expectBody()
			.json("{\"maxLines\":20,\"maxQuantity\":1000,\"maxTotalMinorUnits\":100000000}");
	}

	private Received<PlaceOrdersResponse> stream(PlaceOrderRequest... requests) {
		Received<PlaceOrdersResponse> received = new Received<>();
		StreamObserver<PlaceOrderRequest> stream = PlacingServiceGrpc.newStub(channel).placeOrders(received);
		Stream.of(requests).forEach(stream::onNext);
		stream.onCompleted();
		return received;
	}

	private ResponseSpec place(String key, String body) {
		return rest.post()
			.uri("/api/orders")
			.header("Idempotency-Key", key)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange();
	}

	private static String body(long userId, String sku, int quantity) {
		return """
				{"userId": %d,
				 "lines": [{"sku": "%s", "quantity": %d, "unitPrice": {"minorUnits": 10, "currency": "EUR"}}]}"""
			.formatted(userId, sku, quantity);
	}

	private static PlaceOrderResponse get(Future<PlaceOrderResponse> response) {
		try {
			return response.get();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
