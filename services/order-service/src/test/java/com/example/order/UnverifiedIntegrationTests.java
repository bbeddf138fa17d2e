package com.example.order;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.GetOrderRequest;
import com.example.contracts.order.v1.Order;
import com.example.contracts.order.v1.PlaceOrderResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Who may still order while user-service is away: up to 20000 minor units.
 */
@TestPropertySource(properties = "platform.grpc.client.defaults.retry.max-attempts=1")
class UnverifiedIntegrationTests extends OrderServiceIntegrationTest {

	private final RestTestClient rest;

	UnverifiedIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, @LocalServerPort int port) {
		super(server, jdbc);
		rest = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
	}

	@Test
	void aKnownUserGoesOnUpToTheLimitAndEachAnswerSaysSo() {
		assertThat(place(1, "a", 5000).getOrder().getCustomerUnverified()).isFalse();
		away();
		PlaceOrderResponse first = place(1, "b", 12000);
		assertThat(first.getOrder().getCustomerUnverified()).isTrue();
		assertThat(first.getCreated()).isTrue();
		assertThat(place(1, "c", 8000).getOrder().getCustomerUnverified()).isTrue();
		assertThat(refusal(1, "d", 1)).isEqualTo(Status.Code.UNAVAILABLE);
		// Said again by whatever asks for it later.
		assertThat(place(1, "b", 12000)).isEqualTo(PlaceOrderResponse.newBuilder(first).setCreated(false).build());
		Order read = orders.getOrder(GetOrderRequest.newBuilder().setOrderId(first.getOrder().getId()).build())
			.getOrder();
		assertThat(read).isEqualTo(first.getOrder());
		assertThat(count("order_event")).isEqualTo(3);
	}

	@Test
	void overRestItSaysSoToo() {
		place(1, "a", 1);
		away();
		rest.post()
			.uri("/api/orders")
			.header("Idempotency-Key", "b")
			.contentType(MediaType.APPLICATION_JSON)
			.body("""
					{"userId": 1,
					 "lines": [{"sku": "A", "quantity": 1, "unitPrice": {"minorUnits": 10, "currency": "EUR"}}]}""")
			.exchange()
			.expectStatus()
			.isCreated()
			.expectBody()
			.jsonPath("$.customerUnverified")
			.isEqualTo(true);
	}

	@Test
	void aUserWhoNeverOrderedIsNotKnown() {
		place(1, "a", 1);
		away();
		assertThat(refusal(2, "a", 1)).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void whoOnlyOrderedLongAgoIsNotKnown() {
		place(1, "a", 1);
		jdbc.sql("update orders set placed_at = now() - interval '31 days'").update();
		away();
		assertThat(refusal(1, "b", 1)).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void aCheckBeginsTheLimitAnew() {
		place(1, "a", 1);
		away();
		place(1, "b", 20000);
		assertThat(refusal(1, "c", 1)).isEqualTo(Status.Code.UNAVAILABLE);
		USER_SERVICE.failNext(0);
		assertThat(place(1, "d", 1).getOrder().getCustomerUnverified()).isFalse();
		away();
		place(1, "e", 20000);
	}

	@Test
	void whatIsCancelledCountsNoMore() {
		place(1, "a", 1);
		away();
		String id = place(1, "b", 20000).getOrder().getId();
		orders.cancelOrder(CancelOrderRequest.newBuilder().setOrderId(id).build());
		place(1, "c", 20000);
	}

	@Test
	void ofManyAtOnceNoMoreThanTheLimitIsPlaced() throws Exception {
		place(1, "first", 1);
		away();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Boolean>> calls = IntStream.range(0, 16)
				.<Callable<Boolean>>mapToObj((i) -> () -> catchThrowableOfType(StatusRuntimeException.class,
						() -> place(1, "k" + i, 5000)) == null)
				.toList();
			int placed = 0;
			for (var call : threads.invokeAll(calls)) {
				placed += call.get() ? 1 : 0;
			}
			assertThat(placed).isEqualTo(4);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(count("orders")).isEqualTo(5);
	}

	@Test
	void aMistakeOfOursIsNotTakenForAnAbsence() {
		place(1, "a", 1);
		USER_SERVICE.failNext(Integer.MAX_VALUE, Status.Code.PERMISSION_DENIED);
		assertThat(refusal(1, "b", 1)).isEqualTo(Status.Code.INTERNAL);
		assertThat(count("orders")).isOne();
	}

	@Test
	void aCallerWhoDoesNotWaitGetsNothingPlaced() {
		place(1, "a", 1);
		USER_SERVICE.hang();
		assertThat(catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.withDeadlineAfter(300, TimeUnit.MILLISECONDS).placeOrder(request(1, "b", line("A", 1, 1))))
			.getStatus()
			.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		USER_SERVICE.failNext(0);
		place(1, "c", 1);
		assertThat(count("orders")).isEqualTo(2);
	}

	private static void away() {
		USER_SERVICE.failNext(Integer.MAX_VALUE);
	}

	private PlaceOrderResponse place(long userId, String key, long minorUnits) {
		return orders.placeOrder(request(userId, key, line("A", 1, minorUnits)));
	}

	private Status.Code refusal(long userId, String key, long minorUnits) {
		return catchThrowableOfType(StatusRuntimeException.class, () -> place(userId, key, minorUnits)).getStatus()
			.getCode();
	}

}
