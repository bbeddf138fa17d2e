package com.example.platform.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.example.platform.test.WithPostgres;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.grpc.Context;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestConstructor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls that end, with a real PostgreSQL and Spring Boot's own pool.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "spring.datasource.hikari.maximum-pool-size=4")
@WithPostgres
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class CallBoundDataSourceIntegrationTests {

	private static final String RUNNING = """
			select count(*) from pg_stat_activity
			where datname = current_database() and state = 'active' and query like '% from %'
			and query not like '%pg_stat_activity%'""";

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final JdbcClient jdbc;

	private final TransactionTemplate transactions;

	private final CallBoundDataSource connections;

	private final ConfigurableApplicationContext application;

	CallBoundDataSourceIntegrationTests(JdbcClient jdbc, PlatformTransactionManager transactions,
			CallBoundDataSource connections, ConfigurableApplicationContext application) {
		this.jdbc = jdbc;
		this.transactions = new TransactionTemplate(transactions);
		this.connections = connections;
		this.application = application;
	}

	@AfterEach
	void stop() {
		timer.shutdownNow();
		callers.shutdownNow();
	}

	@Test
	void aStatementEndsAtTheDeadlineOfItsCall() throws Exception {
		assertThatExceptionOfType(QueryTimeoutException.class)
			.isThrownBy(() -> within(Duration.ofMillis(200), this::sleep));
		assertThat(running()).isZero();
		assertThat(within(Duration.ofSeconds(10), () -> jdbc.sql("select 1").query(Integer.class).single()))
			.isEqualTo(1);
	}

	@Test
	void aStatementThatWaitsForALockEndsWhenItsCallerGoesAway() {
		jdbc.sql("create table stock (pieces int)").update();
		Context.CancellableContext call = Context.ROOT.withCancellation();
		transactions.executeWithoutResult((transaction) -> {
			jdbc.sql("lock table stock").update();
			Future<Integer> waits = callers.submit(call
				.wrap((Callable<Integer>) () -> jdbc.sql("select count(*) from stock").query(Integer.class).single()));
			Awaitility.await().until(() -> waitingForLock() == 1);
			call.cancel(null);
			assertThat(waits).failsWithin(Duration.ofSeconds(5))
				.withThrowableThat()
				.withRootCauseInstanceOf(java.sql.SQLException.class);
			assertThat(waitingForLock()).isZero();
		});
		assertThat(jdbc.sql("select count(*) from stock").query(Integer.class).single()).isZero();
	}

	@Test
	void aTransactionIsRolledBackWhenItsCallIsOver() {
		jdbc.sql("create table booking (id int)").update();
		assertThatExceptionOfType(QueryTimeoutException.class)
			.isThrownBy(() -> within(Duration.ofMillis(300), () -> transactions.execute((transaction) -> {
				jdbc.sql("insert into booking values (1)").update();
				return sleep();
			})));
		assertThat(jdbc.sql("select count(*) from booking").query(Integer.class).single()).isZero();
	}

	@Test
	void nothingIsBegunForACallThatIsOver() {
		jdbc.sql("create table parcel (id int)").update();
		Context.CancellableContext call = Context.ROOT.withCancellation();
		assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> call.call(() -> {
			jdbc.sql("insert into parcel values (1)").update();
			call.cancel(null);
			return jdbc.sql("insert into parcel values (2)").update();
		}));
		assertThat(jdbc.sql("select id from parcel").query(Integer.class).list()).containsExactly(1);
	}

	@Test
	void aStatementThatTheDatabaseDoesNotEndLosesItsConnection() {
		String deaf = """
				do $$ begin
				  for i in 1..20 loop
				    begin perform pg_sleep(0.5); exception when query_canceled then null; end;
				  end loop;
				end $$""";
		assertThatExceptionOfType(QueryTimeoutException.class)
			.isThrownBy(() -> within(Duration.ofMillis(100), () -> jdbc.sql(deaf).update()));
		assertThat(jdbc.sql("select 1").query(Integer.class).single()).isEqualTo(1);
	}

	@Test
	void onlyTheStatementsOfCallsThatAreOverAreEnded() {
		Random random = new Random(7);
		List<Future<?>> innocents = new ArrayList<>();
		List<Future<?>> abandoned = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			innocents.add(callers.submit(
					() -> transactions.execute((transaction) -> jdbc.sql("select 1").query(Integer.class).single())));
			Context.CancellableContext call = Context.ROOT.withDeadlineAfter(random.nextInt(3_000),
					TimeUnit.MICROSECONDS, timer);
			abandoned.add(callers
				.submit(call.wrap(() -> jdbc.sql("select 1 from pg_sleep(0.001)").query(Integer.class).list())));
			if (i % 4 == 3) {
				innocents.forEach((innocent) -> assertThat(innocent).succeedsWithin(Duration.ofSeconds(20)));
				innocents.clear();
				Awaitility.await()
					.pollInterval(Duration.ofMillis(5))
					.until(() -> abandoned.stream().allMatch(Future::isDone));
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(pool().getActiveConnections()).isZero());
	}

	@Test
	void aThreadWithoutACallMayTakeItsTime() {
		assertThat(jdbc.sql("select 1 from pg_sleep(0.3)").query(Integer.class).single()).isEqualTo(1);
	}

	@Test
	void aCallIsRefusedWhenThePoolIsFullAndAnswersAgainWhenItIsLarger() {
		HikariPoolMXBean before = pool();
		List<Future<?>> sleepers = new ArrayList<>();
		Context.CancellableContext calls = Context.ROOT.withCancellation();
		for (int i = 0; i < 4; i++) {
			sleepers.add(callers.submit(calls.wrap((Callable<Integer>) this::sleep)));
		}
		Awaitility.await().until(() -> pool().getActiveConnections() == 4);
		assertThatExceptionOfType(CannotGetJdbcConnectionException.class)
			.isThrownBy(() -> jdbc.sql("select 1").query(Integer.class).single());
		change("spring.datasource.hikari.maximum-pool-size", "5");
		Awaitility.await()
			.ignoreExceptionsInstanceOf(CannotGetJdbcConnectionException.class)
			.until(() -> jdbc.sql("select 1").query(Integer.class).single() == 1);
		assertThat(pool()).isSameAs(before);
		assertThat(sleepers).noneMatch(Future::isDone);
		calls.cancel(null);
		sleepers.forEach((sleeper) -> assertThat(sleeper).failsWithin(Duration.ofSeconds(5)));
		change("spring.datasource.hikari.maximum-pool-size", "2");
		Awaitility.await().until(() -> pool().getTotalConnections() <= 2);
		change("spring.datasource.hikari.maximum-pool-size", "4");
	}

	private int sleep() {
		return jdbc.sql("select 1 from pg_sleep(30)").query(Integer.class).single();
	}

	private int running() {
		return jdbc.sql(RUNNING).query(Integer.class).single();
	}

	private int waitingForLock() {
		return jdbc.sql(RUNNING + " and wait_event_type = 'Lock'").query(Integer.class).single();
	}

	private <T> T within(Duration time, Callable<T> work) throws Exception {
		return Context.ROOT.withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS, timer).call(work);
	}

	private HikariPoolMXBean pool() {
		try {
			return connections.unwrap(HikariDataSource.class).getHikariPoolMXBean();
		}
		catch (java.sql.SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void change(String key, String value) {
		application.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("change", java.util.Map.of(key, value)));
		application.publishEvent(new EnvironmentChangeEvent(application, java.util.Set.of(key)));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
