package com.example.order;

import java.sql.Date;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Collectors;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.GetOrderRequest;
import com.example.contracts.order.v1.Order;
import com.example.contracts.order.v1.OrderStatus;
import com.example.contracts.order.v1.PayOrderRequest;
import com.example.platform.grpc.GrpcErrors;
import com.example.platform.scheduling.job.Jobs;
import com.example.platform.scheduling.queue.RunState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Payment, and the jobs of order-service.
 */
@TestPropertySource(properties = { "platform.scheduling.jobs.expire-unpaid-orders.enabled=false",
		"platform.scheduling.jobs.forget-idempotency-keys.enabled=false" })
class UpkeepIntegrationTests extends OrderServiceIntegrationTest {

	private final Jobs jobs;

	UpkeepIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, Jobs jobs) {
		super(server, jdbc);
		this.jobs = jobs;
	}

	@Test
	void anOrderIsPaidOnceAndThenNeitherCancelledNorExpired() {
		String id = place("a");
		PayOrderRequest pay = PayOrderRequest.newBuilder().setOrderId(id).build();
		Order paid = orders.payOrder(pay).getOrder();
		assertThat(paid.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_PAID);
		assertThat(paid.hasPaidAt()).isTrue();
		assertThat(orders.payOrder(pay).getOrder()).isEqualTo(paid);
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.cancelOrder(CancelOrderRequest.newBuilder().setOrderId(id).build()));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
		assertThat(GrpcErrors.badFields(error)).containsEntry("order_id",
				"the order is paid, and no longer waits to be paid");
		makeOlder("2 hours");
		run("expire-unpaid-orders");
		assertThat(status(id)).isEqualTo(OrderStatus.ORDER_STATUS_PAID);
	}

	@Test
	void whatIsNotPaidInTimeExpiresWithItsEventAndIsNotPaidAnyMore() {
		for (int i = 0; i < 3; i++) {
			place("old-" + i);
		}
		makeOlder("31 minutes");
		String young = place("young");
		run("expire-unpaid-orders");
		run("expire-unpaid-orders");
		assertThat(countByStatus("orders")).isEqualTo(Map.of("EXPIRED", 3L, "PLACED", 1L));
		assertThat(countByStatus("order_event")).isEqualTo(Map.of("EXPIRED", 3L, "PLACED", 4L));
		assertThat(status(young)).isEqualTo(OrderStatus.ORDER_STATUS_PLACED);
		String expired = jdbc.sql("select id::text from orders where status = 'EXPIRED' limit 1")
			.query(String.class)
			.single();
		assertThat(catchThrowableOfType(StatusRuntimeException.class,
				() -> orders.payOrder(PayOrderRequest.newBuilder().setOrderId(expired).build()))
			.getStatus()
			.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
	}

	@Test
	void aKeyIsForgottenWhenNobodyRepeatsItAnyMore() {
		String old = place("a");
		makeOlder("31 days");
		place("b");
		run("forget-idempotency-keys");
		assertThat(place("a")).isNotEqualTo(old);
		assertThat(orders.placeOrder(request(1, "b", line("A", 1, 10))).getCreated()).isFalse();
		assertThat(status(old)).isEqualTo(OrderStatus.ORDER_STATUS_PLACED);
	}

	@Test
	void theOrdersOfTheDayBeforeAreCountedInShardsAndWrittenOnce() {
		LocalDate yesterday = jdbc.sql("select (now() at time zone 'UTC')::date - 1").query(LocalDate.class).single();
		jdbc.sql("""
				insert into orders (user_id, idempotency_key, status, total_minor_units, currency, placed_at, paid_at)
				select i % 100 + 1, 'k' || i, case when i % 10 = 0 then 'PAID' else 'PLACED' end, 10, 'EUR',
				  :day::timestamp at time zone 'UTC' + make_interval(mins => i % 1440),
				  case when i % 10 = 0 then now() end
				from generate_series(1, 1000) i""").param("day", yesterday).update();
		place("today");
		run("daily-summary");
		await().until(() -> jobs.view("daily-summary-merge").last() != null
				&& jobs.history("daily-summary-merge", 1).get(0).state() == RunState.SUCCEEDED);
		assertThat(jdbc.sql("select * from daily_summary").query().singleRow())
			.containsEntry("day", Date.valueOf(yesterday))
			.containsEntry("users", 100L)
			.containsEntry("placed", 1000L)
			.containsEntry("paid", 100L);
		assertThat(jobs.history("daily-summary-shard", 100)).hasSize(16)
			.allSatisfy((run) -> assertThat(run.state()).isEqualTo(RunState.SUCCEEDED));
	}

	private String place(String key) {
		return orders.placeOrder(request(1, key, line("A", 1, 10))).getOrder().getId();
	}

	private OrderStatus status(String id) {
		return orders.getOrder(GetOrderRequest.newBuilder().setOrderId(id).build()).getOrder().getStatus();
	}

	private Map<String, Long> countByStatus(String table) {
		return jdbc.sql("select status, count(*) as number from " + table + " group by status")
			.query((row, number) -> Map.entry(row.getString("status"), row.getLong("number")))
			.list()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	private void makeOlder(String interval) {
		jdbc.sql("update orders set placed_at = placed_at - :interval::interval").param("interval", interval).update();
	}

	private void run(String job) {
		String key = jobs.runNow(job);
		await().until(() -> jobs.history(job, 50)
			.stream()
			.anyMatch((run) -> run.key().equals(key) && run.state() == RunState.SUCCEEDED));
	}

}
