package com.example.systemtests;

import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.launcher.Instance;
import com.example.launcher.load.Answer;
import com.example.launcher.load.Connections;
import com.example.launcher.load.Request;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Databases that do not answer: what is given up leaves nothing behind, what needs no
 * database is not touched, and what needs one is refused in good time. With
 * {@code -Dfaults.full=true} PostgreSQL is away for 30 s.
 */
class DatabaseSystemTests {

	private static final Duration AWAY = Duration.ofSeconds(Boolean.getBoolean("faults.full") ? 30 : 8);

	// As many as one instance has connections: each read finds one, however the balancer
	// spreads them.
	private static final int ABANDONED = 10;

	// Twice as many as both instances have connections.
	private static final int WAITING = 40;

	private static final Duration DEADLINE = Duration.ofSeconds(1);

	private static final Connections CONNECTIONS = new Connections(RunningSystem.gateway(), Http.TIMEOUT);

	private final long userId = Http.createUser();

	@Test
	void whatWaitsForALockedTableEndsWithItsCallAndTouchesNothingElse() throws Exception {
		try (Connection locking = FaultSystemTests.connect(RunningSystem.system().database("user-service"));
				Connection watching = FaultSystemTests.connect(RunningSystem.system().database("user-service"));
				Statement lock = locking.createStatement();
				SteadyLoad greetings = SteadyLoad.of(20, Set.of(200), () -> Request.get("/api/users/greeting"))) {
			locking.setAutoCommit(false);
			lock.execute("lock table users in access exclusive mode");
			Duration left = abandonedReads(watching);
			Map<String, Duration> withDeadline = new LinkedHashMap<>();
			Map<String, Duration> withoutDeadline = new LinkedHashMap<>();
			for (int round = 0; round < 3; round++) {
				longest(withDeadline, DEADLINE);
			}
			longest(withoutDeadline, Duration.ofSeconds(30));
			locking.commit();
			long unlocked = System.nanoTime();
			await().pollInterval(Duration.ofMillis(10)).until(this::readsAreWell);
			Duration well = since(unlocked);
			SteadyLoad.Result greeted = greetings.finish();
			System.out.printf(
					"table locked: %d abandoned reads left the database after %d ms; %d reads at once with 1 s: %s; without: %s; what needs no database: %s; well %d ms after the unlock%n",
					ABANDONED, left.toMillis(), WAITING, withDeadline, withoutDeadline, greeted, well.toMillis());
			assertThat(left).isLessThan(Duration.ofSeconds(1));
			assertThat(greeted.failures()).isEmpty();
			assertThat(withDeadline).containsOnlyKeys("503", "504");
			assertThat(withDeadline.values()).allMatch((time) -> time.toMillis() < 1_500);
			assertThat(withoutDeadline.get("503")).isLessThan(Duration.ofSeconds(2));
			assertThat(well).isLessThan(Duration.ofSeconds(2));
		}
	}

	@Test
	void withoutPostgresRequestsAreRefusedAtOnceAndNothingIsDoneTwice() throws SQLException {
		SteadyLoad.Result read;
		SteadyLoad.Result ordered;
		Duration back;
		long stopped;
		try (SteadyLoad reads = SteadyLoad.of(15, Set.of(200, 503), () -> Http.user(userId));
				SteadyLoad orders = SteadyLoad.of(15, Http.PLACED, (tag) -> Http.order(userId, tag))) {
			await().until(() -> orders.answered() >= 30);
			stopped = System.nanoTime();
			RunningSystem.system().stop("postgres");
			await().atMost(AWAY.plusSeconds(10)).until(() -> since(stopped).compareTo(AWAY) >= 0);
			assertThat(live()).doesNotContain(false);
			RunningSystem.system().start("postgres");
			long started = System.nanoTime();
			await().atMost(Duration.ofSeconds(30))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> readsAreWell() && Http.send(Http.order(userId)).statusCode() == 201);
			back = since(started);
			read = reads.finish();
			ordered = orders.finish();
		}
		System.out.printf("PostgreSQL away for %d s: reads %s; orders %s; back %d ms after it%n", AWAY.toSeconds(),
				read, ordered, back.toMillis());
		assertThat(read.failures()).isEmpty();
		assertThat(ordered.failures()).allMatch((outcome) -> outcome.problem().startsWith("503"));
		assertThat(Stream.of(read, ordered).map(SteadyLoad.Result::longest))
			.allMatch((longest) -> longest.toMillis() < 2_000);
		assertThat(back).isLessThan(Duration.ofSeconds(6));
		FaultSystemTests.assertEachTookEffectOnce(ordered, "order-service",
				"SELECT idempotency_key, count(*) FROM orders GROUP BY 1");
	}

	// Whose clients hang up when all of them wait for the lock.
	private Duration abandonedReads(Connection watching) throws Exception {
		List<Socket> clients = new ArrayList<>();
		for (int i = 0; i < ABANDONED; i++) {
			clients.add(RawHttp.send("GET /api/users/" + userId + " HTTP/1.1\nHost: a\n\n"));
		}
		await().pollInterval(Duration.ofMillis(10)).until(() -> waiting(watching) == ABANDONED);
		long gone = System.nanoTime();
		for (Socket client : clients) {
			client.close();
		}
		await().pollInterval(Duration.ofMillis(10)).until(() -> waiting(watching) == 0);
		return since(gone);
	}

	// By status, of many reads at once.
	private void longest(Map<String, Duration> longest, Duration deadline) {
		Request read = Http.user(userId).with("X-Request-Timeout", Long.toString(deadline.toMillis()));
		atOnce(read, WAITING).forEach((answer) -> longest.merge(answer.outcome(), answer.time(),
				(one, other) -> (one.compareTo(other) > 0) ? one : other));
	}

	private boolean readsAreWell() {
		return atOnce(Http.user(userId), 10).allMatch(Answer::isOk);
	}

	private static Stream<Answer> atOnce(Request request, int times) {
		return IntStream.range(0, times)
			.mapToObj((i) -> CONNECTIONS.send(request))
			.toList()
			.stream()
			.map(CompletableFuture::join);
	}

	private static List<Boolean> live() {
		return RunningSystem.system()
			.instances()
			.stream()
			.map(Instance::name)
			.filter((name) -> name.contains("service-"))
			.map((name) -> Http.get(RunningSystem.actuator(name), "/actuator/health/liveness").statusCode() == 200)
			.toList();
	}

	private static int waiting(Connection watching) throws SQLException {
		try (Statement statement = watching.createStatement(); ResultSet row = statement.executeQuery("""
				select count(*) from pg_stat_activity
				where datname = current_database() and wait_event_type = 'Lock'""")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static Duration since(long nanoTime) {
		return Duration.ofNanos(System.nanoTime() - nanoTime);
	}

}
