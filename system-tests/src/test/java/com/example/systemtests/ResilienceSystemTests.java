package com.example.systemtests;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves what orders notice of user-service when it freezes, is slow, or is away. Figures
 * are printed, and asserted with room for a machine that is busy;
 * {@code -Dfaults.full=true} takes the time for those of {@code docs/proofs.md}.
 */
class ResilienceSystemTests {

	private static final boolean FULL = Boolean.getBoolean("faults.full");

	private static final int FREEZES = FULL ? 8 : 3;

	private static final int PER_SECOND = 20;

	private static final Duration AWAY = Duration.ofSeconds(FULL ? 8 : 2);

	private static final List<String> CALLERS = List.of("order-service-1", "order-service-2");

	private static final List<String> USER_SERVICES = List.of("user-service-1", "user-service-2");

	private static final String SECOND_ATTEMPTS = "platform_grpc_client_hedges_total\\{[^}]*outcome=\"(?:hedged|repeated)\"[^}]*}";

	private static final String CHECKS = "grpc_client_seconds_count\\{[^}]*rpc_method=\"CheckEligibility\"[^}]*}";

	// So many that nobody is remembered from one order to the next.
	// Each may place five orders without a check.
	private final List<Long> customers = Stream.generate(Http::createUser).limit(FULL ? 200 : 100).toList();

	private final AtomicInteger next = new AtomicInteger();

	@Test
	void anInstanceThatFreezesAgainAndAgainCostsNoOrder() {
		try (SteadyLoad orders = orders()) {
			FaultSystemTests.awaitAnswers(orders, 3 * PER_SECOND);
			double secondBefore = sum(SECOND_ATTEMPTS);
			double callsBefore = sum(CHECKS);
			for (int i = 0; i < FREEZES; i++) {
				RunningSystem.system().pause("user-service-1");
				FaultSystemTests.awaitElapsed(Duration.ofSeconds(2));
				RunningSystem.system().resume("user-service-1");
				FaultSystemTests.awaitElapsed(Duration.ofSeconds(4));
			}
			SteadyLoad.Result ordered = orders.finish();
			double second = sum(SECOND_ATTEMPTS) - secondBefore;
			double calls = sum(CHECKS) - callsBefore;
			System.out.printf(
					"user-service-1 frozen for 2 s %d times: orders %s; %.0f of %.0f calls sent twice: %.1f %%%n",
					FREEZES, ordered, second, calls - second, 100 * second / (calls - second));
			assertThat(ordered.failures()).isEmpty();
			assertThat(calls).as("nobody is remembered").isGreaterThan(0.8 * ordered.sent());
			// What the hedging budget of two callers allows, and as many once more by
			// that
			// of retries.
			assertThat(second).isLessThanOrEqualTo(2 * (0.02 * calls + 5 * CALLERS.size()));
		}
		finally {
			RunningSystem.system().resume("user-service-1");
		}
	}

	@Test
	void withoutUserServiceKnownCustomersGoOn() throws SQLException {
		customers.forEach((userId) -> assertThat(Http.send(Http.order(userId)).statusCode()).isEqualTo(201));
		Load most = new Load(0, 0);
		boolean killed = false;
		try (SteadyLoad orders = orders()) {
			FaultSystemTests.awaitAnswers(orders, 3 * PER_SECOND);
			slow(true);
			Map<String, Long> opened = millisUntil("OPEN");
			FaultSystemTests.awaitElapsed(AWAY);
			most = most.or(load());
			killed = true;
			USER_SERVICES.parallelStream().forEach(RunningSystem.system()::kill);
			slow(false);
			FaultSystemTests.awaitElapsed(AWAY);
			most = most.or(load());
			CompletableFuture<Void> started = CompletableFuture
				.runAsync(() -> USER_SERVICES.parallelStream().forEach(RunningSystem.system()::start));
			await().atMost(Duration.ofMinutes(1))
				.until(() -> USER_SERVICES.stream().anyMatch(FaultSystemTests::isReady));
			Map<String, Long> closed = millisUntil("CLOSED");
			started.join();
			killed = false;
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf(
					"user-service slowed to 2 s, then dead: orders %s; %d without a check; milliseconds until the breakers opened %s, closed %s; of both order-services together: %s%n",
					ordered, unverified(), opened, closed, most);
			assertThat(ordered.failures()).isEmpty();
			assertThat(ordered.longest()).isLessThan(Duration.ofSeconds(5));
			assertThat(unverified()).isPositive();
			assertThat(opened.values()).allMatch((millis) -> millis < 4_000);
			assertThat(closed.values()).allMatch((millis) -> millis < 10_000);
			assertThat(most.threads).isLessThan(2 * 150);
		}
		finally {
			slow(false);
			if (killed) {
				USER_SERVICES.forEach(RunningSystem.system()::start);
			}
		}
	}

	private SteadyLoad orders() {
		return SteadyLoad.of(PER_SECOND, Http.PLACED,
				(tag) -> Http.order(customers.get(next.getAndIncrement() % customers.size()), tag));
	}

	/** Has each look at a user take 2 s, or not. */
	private static void slow(boolean slow) throws SQLException {
		try (Connection connection = FaultSystemTests.connect(RunningSystem.system().database("user-service"));
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			if (slow) {
				statement.execute("ALTER TABLE users RENAME TO users_behind");
				statement.execute("CREATE VIEW users AS SELECT users_behind.* FROM users_behind, pg_sleep(2)");
			}
			else if (isSlow(statement)) {
				statement.execute("DROP VIEW users");
				statement.execute("ALTER TABLE users_behind RENAME TO users");
			}
			connection.commit();
		}
	}

	private static boolean isSlow(Statement statement) throws SQLException {
		try (ResultSet found = statement.executeQuery("SELECT to_regclass('users_behind')")) {
			return found.next() && found.getString(1) != null;
		}
	}

	/** By caller, the time from now until its breaker stands so. */
	private static Map<String, Long> millisUntil(String state) {
		long started = System.nanoTime();
		Map<String, Long> millis = new TreeMap<>();
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> {
			for (String caller : CALLERS) {
				if (state(caller).equals(state)) {
					millis.putIfAbsent(caller, Duration.ofNanos(System.nanoTime() - started).toMillis());
				}
			}
			return millis.keySet().containsAll(CALLERS);
		});
		return millis;
	}

	private static String state(String caller) {
		return Http.json(Http.get(RunningSystem.actuator(caller), "/actuator/resilience"))
			.valueStream()
			.filter((view) -> view.path("method").asString().equals("CheckEligibility"))
			.map((view) -> view.path("state").asString())
			.findFirst()
			.orElse("");
	}

	private static Load load() {
		return new Load(sum("hikaricp_connections_pending\\{[^}]*}"), sum("jvm_threads_live_threads(?:\\{[^}]*})?"));
	}

	private static double sum(String series) {
		return CALLERS.stream().mapToDouble((caller) -> RunningSystem.counter(caller, series)).sum();
	}

	private static long unverified() throws SQLException {
		try (Connection connection = FaultSystemTests.connect(RunningSystem.system().database("order-service"));
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT count(*) FROM orders WHERE customer_unverified")) {
			rows.next();
			return rows.getLong(1);
		}
	}

	/**
	 * What calls that wait would fill.
	 *
	 * @param waiting how many wait for a connection to the database
	 * @param threads threads
	 */
	private record Load(double waiting, double threads) {

		private Load or(Load other) {
			return new Load(Math.max(waiting, other.waiting), Math.max(threads, other.threads));
		}

	}

}
