package com.example.order;

import java.util.UUID;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.Order;
import com.example.contracts.order.v1.OrderServiceGrpc;
import com.example.contracts.order.v1.WatchOrdersRequest;
import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.contracts.order.v1.WatchOrdersResponse.Event;
import com.example.platform.grpc.GrpcErrors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class WatchingIntegrationTests extends OrderServiceIntegrationTest {

	/** Behind this is everything. */
	private static final String START = "0-0";

	private final TransactionTemplate transaction;

	WatchingIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, PlatformTransactionManager transactions) {
		super(server, jdbc);
		transaction = new TransactionTemplate(transactions);
	}

	@Test
	void whatHappensIsStreamedAsItHappens() throws Exception {
		Received<WatchOrdersResponse> received = watch(0, START);
		Order order = orders.placeOrder(request(1, "a", line("A", 1, 10))).getOrder();
		WatchOrdersResponse placed = received.next();
		assertThat(placed.getEvent()).isEqualTo(Event.EVENT_PLACED);
		assertThat(placed.getOrder().getId()).isEqualTo(order.getId());
		orders.cancelOrder(CancelOrderRequest.newBuilder().setOrderId(order.getId()).build());
		assertThat(received.next().getEvent()).isEqualTo(Event.EVENT_CANCELLED);
	}

	@Test
	void withoutACursorOnlyWhatHappensFromNowOnIsStreamed() throws Exception {
		Order before = orders.placeOrder(request(1, "before", line("A", 1, 10))).getOrder();
		Received<WatchOrdersResponse> received = watch(0, "");
		await().until(() -> {
			orders.placeOrder(request(1, UUID.randomUUID().toString(), line("A", 1, 10)));
			return received.peek() != null;
		});
		assertThat(received.next().getOrder().getId()).isNotEqualTo(before.getId());
	}

	@Test
	void aBrokenStreamIsResumedBehindTheLastCursor() throws Exception {
		for (String key : new String[] { "a", "b", "c" }) {
			orders.placeOrder(request(1, key, line(key, 1, 10)));
		}
		Received<WatchOrdersResponse> first = watch(0, START);
		first.next();
		String cursor = first.next().getCursor();
		assertThat(watch(0, cursor).next().getOrder().getLines(0).getSku()).isEqualTo("c");
	}

	@Test
	void onlyTheOrdersOfTheUserAreStreamed() throws Exception {
		Received<WatchOrdersResponse> received = watch(2, START);
		orders.placeOrder(request(1, "a", line("A", 1, 10)));
		orders.placeOrder(request(2, "b", line("B", 1, 10)));
		assertThat(received.next().getOrder().getUserId()).isEqualTo(2);
		assertThat(received.peek()).isNull();
	}

	@Test
	void anEventOfATransactionThatBeganFirstAndEndsLastIsNotLost() throws Exception {
		Received<WatchOrdersResponse> received = watch(0, START);
		transaction.executeWithoutResult((status) -> {
			jdbc.sql("""
					with late as (
					  insert into orders (user_id, idempotency_key, total_minor_units, currency)
					  values (1, 'late', 0, 'EUR') returning id)
					insert into order_event (order_id, user_id, status) select id, 1, 'PLACED' from late""").update();
			orders.placeOrder(request(2, "early", line("A", 1, 10)));
			assertThat(count("order_event")).isEqualTo(2);
			assertThat(received.peek()).isNull();
		});
		assertThat(received.next().getOrder().getUserId()).isEqualTo(1);
		assertThat(received.next().getOrder().getUserId()).isEqualTo(2);
	}

	@Test
	void moreEventsThanFitIntoAChunkAllArriveOnceAndInOrder() throws Exception {
		for (int i = 0; i < 250; i++) {
			jdbc.sql("""
					with placed as (
					  insert into orders (user_id, idempotency_key, total_minor_units, currency)
					  values (:userId, :userId, 0, 'EUR') returning id, user_id)
					insert into order_event (order_id, user_id, status) select id, user_id, 'PLACED' from placed""")
				.param("userId", i + 1)
				.update();
		}
		Received<WatchOrdersResponse> received = watch(0, START);
		for (int i = 0; i < 250; i++) {
			assertThat(received.next().getOrder().getUserId()).isEqualTo(i + 1);
		}
	}

	@Test
	void whatIsNoCursorIsRefused() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.watchOrders(WatchOrdersRequest.newBuilder().setAfter("x").build()).hasNext());
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(GrpcErrors.badFields(error)).containsKey("after");
	}

	private Received<WatchOrdersResponse> watch(long userId, String after) {
		Received<WatchOrdersResponse> received = new Received<>();
		OrderServiceGrpc.newStub(channel)
			.watchOrders(WatchOrdersRequest.newBuilder().setUserId(userId).setAfter(after).build(), received);
		return received;
	}

}
