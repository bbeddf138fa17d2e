package com.example.order;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.Order;
import com.example.contracts.order.v1.WatchOrdersRequest;
import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.contracts.order.v1.WatchOrdersResponse.Event;
import com.example.contracts.order.v1.WatchingServiceGrpc;
import com.example.platform.grpc.GrpcErrors;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.BeforeEach;
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
	private static final int WATCHERS = 1000;

	private final TransactionTemplate transaction;

	private final int port;

	private final MeterRegistry meters;

	private String start = "";

	WatchingIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, PlatformTransactionManager transactions,
			MeterRegistry meters) {
		super(server, jdbc);
		transaction = new TransactionTemplate(transactions);
		port = server.getPort();
		this.meters = meters;
	}

	// Behind the events of earlier tests, which the service may remember.
	@BeforeEach
	void beginHere() {
		start = jdbc.sql("select pg_snapshot_xmin(pg_current_snapshot())::text || '-0'").query(String.class).single();
	}

	@Test
	void whatHappensIsStreamedAsItHappens() throws Exception {
		Received<WatchOrdersResponse> received = watch(0, start);
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
		Received<WatchOrdersResponse> first = watch(0, start);
		first.next();
		String cursor = first.next().getCursor();
		assertThat(watch(0, cursor).next().getOrder().getLines(0).getSku()).isEqualTo("c");
	}

	@Test
	void onlyTheOrdersOfTheUserAreStreamed() throws Exception {
		Received<WatchOrdersResponse> received = watch(2, start);
		orders.placeOrder(request(1, "a", line("A", 1, 10)));
		orders.placeOrder(request(2, "b", line("B", 1, 10)));
		assertThat(received.next().getOrder().getUserId()).isEqualTo(2);
		assertThat(received.peek()).isNull();
	}

	@Test
	void anEventOfATransactionThatBeganFirstAndEndsLastIsNotLost() throws Exception {
		Received<WatchOrdersResponse> received = watch(0, start);
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
		place(1, 250);
		Received<WatchOrdersResponse> received = watch(0, start);
		for (int i = 0; i < 250; i++) {
			assertThat(received.next().getOrder().getUserId()).isEqualTo(i + 1);
		}
	}

	@Test
	void aThousandWatchersCostNoMoreQueriesThanOne() throws Exception {
		List<Received<WatchOrdersResponse>> watchers = Stream.generate(() -> watch(0, start)).limit(WATCHERS).toList();
		place(1, 1);
		for (Received<WatchOrdersResponse> watcher : watchers) {
			watcher.next();
		}
		long before = queries();
		for (int i = 2; i <= 11; i++) {
			place(i, i);
			for (Received<WatchOrdersResponse> watcher : watchers) {
				assertThat(watcher.next().getOrder().getUserId()).isEqualTo(i);
			}
		}
		assertThat(queries() - before).isLessThan(WATCHERS);
	}

	@Test
	void aWatcherThatTakesNothingDelaysNobodyAndGetsAllLater() throws Exception {
		ManagedChannel narrow = NettyChannelBuilder.forAddress("127.0.0.1", port)
			.usePlaintext()
			.flowControlWindow(64 * 1024)
			.build();
		try {
			Iterator<WatchOrdersResponse> slow = WatchingServiceGrpc.newBlockingStub(narrow)
				.watchOrders(request(start));
			Received<WatchOrdersResponse> quick = watch(0, start);
			place(1, 1);
			assertThat(slow.next().getOrder().getUserId()).isEqualTo(1);
			place(2, 5000);
			for (int i = 1; i <= 5000; i++) {
				assertThat(quick.next().getOrder().getUserId()).isEqualTo(i);
			}
			for (int i = 2; i <= 5000; i++) {
				assertThat(slow.next().getOrder().getUserId()).isEqualTo(i);
			}
		}
		finally {
			narrow.shutdownNow();
		}
	}

	@Test
	void aWatcherThatComesAndGoesMissesNothingAndGetsNothingTwice() {
		CompletableFuture<Void> placing = CompletableFuture.runAsync(() -> {
			for (int i = 1; i <= 300; i++) {
				place(i, i);
			}
		});
		List<Long> userIds = new ArrayList<>();
		String cursor = start;
		for (int stay = 1; userIds.size() < 300; stay = 1 + stay % 30) {
			try (CancellableContext visit = Context.current().withCancellation()) {
				Context outside = visit.attach();
				Iterator<WatchOrdersResponse> events = WatchingServiceGrpc.newBlockingStub(channel)
					.watchOrders(request(cursor));
				for (int i = 0; i < stay && userIds.size() < 300; i++) {
					WatchOrdersResponse event = events.next();
					userIds.add(event.getOrder().getUserId());
					cursor = event.getCursor();
				}
				visit.detach(outside);
			}
		}
		placing.join();
		assertThat(userIds).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
	}

	@Test
	void whatIsNoCursorIsRefused() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> WatchingServiceGrpc.newBlockingStub(channel)
					.watchOrders(WatchOrdersRequest.newBuilder().setAfter("x").build())
					.hasNext());
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(GrpcErrors.badFields(error)).containsKey("after");
	}

	private Received<WatchOrdersResponse> watch(long userId, String after) {
		Received<WatchOrdersResponse> received = new Received<>();
		WatchingServiceGrpc.newStub(channel)
			.watchOrders(request(after).toBuilder().setUserId(userId).build(), received);
		return received;
	}

	private static WatchOrdersRequest request(String after) {
		return WatchOrdersRequest.newBuilder().setAfter(after).build();
	}

	/** Places an order for each user from the first to the last, at once. */
	private void place(int firstUser, int lastUser) {
		jdbc.sql("""
				with placed as (
				  insert into orders (user_id, idempotency_key, total_minor_units, currency)
				  select id, id, 0, 'EUR' from generate_series(:first::int, :last::int) id returning id, user_id)
				insert into order_event (order_id, user_id, status)
				select id, user_id, 'PLACED' from placed order by user_id""")
			.param("first", firstUser)
			.param("last", lastUser)
			.update();
	}

	/** Each query outside of a transaction takes a connection from the pool. */
	private long queries() {
		return meters.get("hikaricp.connections.acquire").timer().count();
	}

}
