package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.example.launcher.Instance;
import com.example.launcher.postgres.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves what callers notice when instances die, hang, leave or cannot be found: nothing,
 * or an answer in time. Durations are printed, and asserted with room for a machine that
 * is busy. {@code ./dev test -Dfaults.full=true} repeats each fault as often as the
 * README's figures say.
 */
class FaultSystemTests {

	private static final List<String> USER_SERVICES = List.of("user-service-1", "user-service-2", "user-service-3");

	/** Who calls user-service: over HTTP the first, over gRPC the others. */
	private static final List<String> CALLERS = List.of("gateway", "order-service-1", "order-service-2");

	/** Whether to take the time for the figures of the README. */
	private static final boolean FULL = Boolean.getBoolean("faults.full");

	private static final int KILLS = FULL ? 20 : 3;

	/**
	 * As {@code minReadySeconds} in {@code k8s/}: who has just started computes its first
	 * answers slowly, and is not left alone with all of them.
	 */
	private static final Duration MIN_READY = Duration.ofSeconds(3);

	private static final int ROUNDS = FULL ? 3 : 1;

	/** How long callers are watched after a kill: longer than Consul takes to notice. */
	private static final Duration WATCHED = Duration.ofSeconds(3);

	private static final Duration WITHOUT_CONSUL = Duration.ofSeconds(FULL ? 60 : 10);

	private static final List<String> POLICIES = List.of("least-request", "round-robin", "random",
			"weighted-round-robin", "response-time", "consistent-hash", "sticky", "least-request");

	private static final String READS = "http_server_requests_seconds_count\\{[^}]*uri=\"/api/users/\\{id\\}\"[^}]*}";

	private final long userId = Http.createUser();

	@BeforeAll
	static void threeInstances() {
		RunningSystem.system().scale("user-service", 3);
	}

	@AfterAll
	static void twoInstances() {
		RunningSystem.system().scale("user-service", 2);
	}

	@Test
	void crashesCostNoReadAndNoOrderAndNothingIsDoneTwice() throws SQLException {
		List<Long> kills = new ArrayList<>();
		Map<String, Long> millisUntilLastPick = new TreeMap<>();
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders(); SteadyLoad creations = creations()) {
			awaitAnswers(orders, 30);
			for (int i = 0; i < KILLS; i++) {
				String instance = USER_SERVICES.get(i % USER_SERVICES.size());
				Map<String, Long> picks = picks(instance);
				assertThat(picks).containsOnlyKeys(CALLERS).doesNotContainValue(0L);
				long killed = System.nanoTime();
				kills.add(killed);
				CompletableFuture<Void> dead = CompletableFuture.runAsync(() -> RunningSystem.system().kill(instance));
				millisUntilLastPick(instance, picks, killed)
					.forEach((caller, millis) -> millisUntilLastPick.merge(caller, millis, Math::max));
				dead.join();
				RunningSystem.system().start(instance);
			}
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			SteadyLoad.Result created = creations.finish();
			Duration latest = Stream.of(read, ordered, created)
				.flatMap((result) -> result.failures().stream())
				.map((outcome) -> sinceKill(kills, outcome))
				.reduce(Duration.ZERO, (one, other) -> (one.compareTo(other) > 0) ? one : other);
			System.out.printf(
					"%d kills: reads %s; orders %s; creations %s %s; latest start of a failure %d ms after a kill; milliseconds from a kill until each caller no longer chose the instance: %s%n",
					KILLS, read, ordered, created, created.failures(), latest.toMillis(), millisUntilLastPick);
			assertSteady(read, ordered, created);
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
			assertThat(latest).isLessThan(Duration.ofSeconds(1));
			assertThat(millisUntilLastPick.values()).allMatch((millis) -> millis < 1_000);
			// A creation that was repeated after it had succeeded would meet its own
			// e-mail address.
			assertThat(created.failures()).noneMatch((outcome) -> outcome.problem().startsWith("409"));
			assertEachTookEffectOnce(ordered, "order-service",
					"SELECT idempotency_key, count(*) FROM orders GROUP BY 1");
			assertEachTookEffectOnce(created, "user-service",
					"SELECT split_part(lower(email), '@', 1), count(*) FROM users GROUP BY 1");
		}
	}

	@Test
	void callsInFlightEndWellWhenTheirInstanceLeaves() throws Exception {
		Database database = RunningSystem.system().database("user-service");
		try (Connection connection = connect(database);
				Statement statement = connection.createStatement();
				SteadyLoad reads = SteadyLoad.of(2, Set.of(200), () -> Http.user(userId))) {
			awaitAnswers(reads, 4);
			connection.setAutoCommit(false);
			statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
			await().until(() -> USER_SERVICES.stream().allMatch(FaultSystemTests::hasCallInFlight));
			CompletableFuture<Void> stopped = CompletableFuture
				.runAsync(() -> RunningSystem.system().stop("user-service-2"));
			awaitElapsed(Duration.ofSeconds(5));
			assertThat(stopped).isNotDone();
			connection.commit();
			stopped.join();
			awaitAnswers(reads, 4);
			SteadyLoad.Result result = reads.finish();
			System.out.printf("user-service-2 left with calls of 5 s in flight: %s%n", result);
			assertThat(result.failures()).isEmpty();
			assertThat(result.longest()).isGreaterThan(Duration.ofSeconds(4));
		}
		finally {
			RunningSystem.system().start("user-service-2");
		}
	}

	@Test
	void anInstanceThatHangsDelaysNoAnswerBeyondItsDeadlineAndTakesItsShareAgain() {
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders()) {
			awaitAnswers(orders, 30);
			RunningSystem.system().pause("user-service-1");
			awaitElapsed(Duration.ofSeconds(5));
			RunningSystem.system().resume("user-service-1");
			long resumed = System.nanoTime();
			double before = answeredReads("user-service-1");
			await().pollInterval(Duration.ofMillis(50)).until(() -> answeredReads("user-service-1") >= before + 10);
			Duration share = Duration.ofNanos(System.nanoTime() - resumed);
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf(
					"user-service-1 hung for 5 s: reads %s; orders %s; took its share again after %d ms%n%s%n%s%n",
					read, ordered, share.toMillis(), kinds(read), kinds(ordered));
			assertSteady(read, ordered);
			for (SteadyLoad.Result result : List.of(read, ordered)) {
				assertThat(result.longest()).isLessThan(Duration.ofSeconds(15));
				// Only what it had been given before its callers noticed.
				assertThat(result.failures())
					.allMatch((outcome) -> outcome.problem().startsWith("503") || outcome.problem().startsWith("504"))
					.hasSizeLessThanOrEqualTo(result.sent() / 20);
			}
			assertThat(share).isLessThan(Duration.ofSeconds(5));
		}
		finally {
			RunningSystem.system().resume("user-service-1");
		}
	}

	@Test
	void rollingRestartsCostNothing() {
		List<String> instances = FULL ? List.of("user-service-1", "user-service-2", "user-service-3", "order-service-1",
				"order-service-2", "config-server") : List.of("user-service-1", "order-service-1", "config-server");
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders()) {
			awaitAnswers(orders, 30);
			for (int round = 0; round < ROUNDS; round++) {
				for (String instance : instances) {
					RunningSystem.system().stop(instance);
					RunningSystem.system().start(instance);
					awaitElapsed(MIN_READY);
				}
			}
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf("%d rolling restarts of %s: reads %s; orders %s%n", ROUNDS, instances, read, ordered);
			assertSteady(read, ordered);
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
		}
	}

	@Test
	void withoutAnyInstanceCallsFailFastAndSucceedOnceOneIsThere() {
		SteadyLoad.Result read;
		SteadyLoad.Result ordered;
		USER_SERVICES.parallelStream().forEach(RunningSystem.system()::kill);
		// 502 to whoever gets a connection that the last instance has left behind.
		try (SteadyLoad reads = SteadyLoad.of(10, Set.of(502, 503), () -> Http.user(userId));
				SteadyLoad orders = SteadyLoad.of(10, Set.of(503), () -> Http.order(userId))) {
			awaitAnswers(orders, 30);
			read = reads.finish();
			ordered = orders.finish();
		}
		String first = USER_SERVICES.get(0);
		CompletableFuture<?> started = CompletableFuture.runAsync(() -> RunningSystem.system().start(first));
		await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(20)).until(() -> isReady(first));
		long ready = System.nanoTime();
		await().pollInterval(Duration.ofMillis(20)).until(() -> Http.send(Http.order(userId)).statusCode() == 201);
		Duration recovery = Duration.ofNanos(System.nanoTime() - ready);
		started.join();
		USER_SERVICES.stream().skip(1).parallel().forEach(RunningSystem.system()::start);
		System.out.printf("no user-service: reads %s %s; orders %s %s; orders succeeded %d ms after one was ready%n",
				read, kinds(read), ordered, kinds(ordered), recovery.toMillis());
		assertSteady(read, ordered);
		assertThat(read.failures()).isEmpty();
		assertThat(ordered.failures()).isEmpty();
		assertThat(read.longest()).isLessThan(Duration.ofSeconds(5));
		assertThat(ordered.longest()).isLessThan(Duration.ofSeconds(5));
		assertThat(recovery).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void withoutConsulCallsGoOnAndOnceItIsBackEmptyEveryInstanceReturnsToIt() {
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders()) {
			awaitAnswers(orders, 30);
			RunningSystem.system().kill("consul");
			awaitElapsed(WITHOUT_CONSUL.dividedBy(2));
			RunningSystem.system().kill("user-service-2");
			awaitElapsed(WITHOUT_CONSUL.dividedBy(2));
			List<String> running = RunningSystem.system()
				.instances()
				.stream()
				.filter((instance) -> instance.process() != null && !instance.name().equals("postgres"))
				.map(Instance::name)
				.toList();
			Map<String, Long> registrationsBefore = registrations(running);
			RunningSystem.system().start("consul");
			long answering = System.nanoTime();
			Map<String, Long> millisUntilPassing = new TreeMap<>();
			await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(() -> {
				long millis = Duration.ofNanos(System.nanoTime() - answering).toMillis();
				passing().forEach((instance) -> millisUntilPassing.putIfAbsent(instance, millis));
				return millisUntilPassing.keySet().containsAll(running);
			});
			awaitAnswers(orders, 90);
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			Map<String, Long> registrations = registrations(running);
			registrations.replaceAll((instance, count) -> count - registrationsBefore.getOrDefault(instance, 0L));
			System.out.printf(
					"Consul away for %d s: reads %s; orders %s; milliseconds from its return until passing: %s; registrations since: %s%n",
					WITHOUT_CONSUL.toSeconds(), read, ordered, millisUntilPassing, registrations);
			assertSteady(read, ordered);
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
			assertThat(millisUntilPassing.values()).allMatch((millis) -> millis < 10_000);
			// No stampede: one for its return, and room for a repair that crosses it.
			assertThat(registrations.values()).allMatch((count) -> count >= 1 && count <= 3);
		}
		finally {
			RunningSystem.system().start("user-service-2");
		}
	}

	@Test
	void thePolicyIsSwitchedWhileCallsGoOn() {
		String policy = POLICIES.get(0);
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders()) {
			awaitAnswers(orders, 30);
			Map<String, Long> millis = new HashMap<>();
			for (String next : POLICIES.subList(1, POLICIES.size())) {
				RunningSystem.edit("application.yml", "policy: " + policy, "policy: " + next);
				policy = next;
				long saved = System.nanoTime();
				await().pollInterval(Duration.ofMillis(50)).until(() -> policy().equals(next));
				millis.put(next, Duration.ofNanos(System.nanoTime() - saved).toMillis());
				awaitAnswers(orders, 30);
			}
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf("policies switched: reads %s; orders %s; milliseconds until each was in effect: %s%n",
					read, ordered, millis);
			assertSteady(read, ordered);
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
		}
		finally {
			if (!policy.equals(POLICIES.get(0))) {
				RunningSystem.edit("application.yml", "policy: " + policy, "policy: " + POLICIES.get(0));
			}
		}
	}

	private SteadyLoad reads() {
		return SteadyLoad.of(15, Set.of(200), () -> Http.user(userId));
	}

	private SteadyLoad orders() {
		return SteadyLoad.of(15, Http.PLACED, (tag) -> Http.order(userId, tag));
	}

	private static SteadyLoad creations() {
		return SteadyLoad.of(5, Set.of(201), (tag) -> Http.newUser(tag + "@example.com"));
	}

	/** That the load was what it claims to be; the machine was too slow otherwise. */
	private static void assertSteady(SteadyLoad.Result... results) {
		assertThat(results).allSatisfy(
				(result) -> assertThat(result.heldBack()).as("held back").isLessThanOrEqualTo(result.sent() / 5));
	}

	static void assertEachTookEffectOnce(SteadyLoad.Result result, String service, String countByTag)
			throws SQLException {
		Map<String, Integer> counts = new HashMap<>();
		try (Connection connection = connect(RunningSystem.system().database(service));
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(countByTag)) {
			while (rows.next()) {
				counts.put(rows.getString(1), rows.getInt(2));
			}
		}
		assertThat(result.outcomes()).allSatisfy(
				(outcome) -> assertThat(counts.getOrDefault(outcome.tag(), 0)).isBetween(outcome.failed() ? 0 : 1, 1));
	}

	static Connection connect(Database database) throws SQLException {
		return DriverManager.getConnection(database.url(), database.username(), database.password());
	}

	/** How often each caller that knows of an instance of user-service has chosen it. */
	private static Map<String, Long> picks(String instance) {
		Map<String, Long> picks = new HashMap<>();
		for (String caller : CALLERS) {
			Http.json(Http.get(RunningSystem.actuator(caller), "/actuator/loadbalancing/user-service"))
				.path("instances")
				.valueStream()
				.filter((view) -> view.path("id").asString().equals(instance))
				.forEach((view) -> picks.put(caller, view.path("picks").asLong()));
		}
		return picks;
	}

	/**
	 * Watches how long callers still choose an instance that was killed.
	 * @param picks what each had chosen before
	 * @return by caller, the time from the kill to when its last choice was seen, which
	 * may be a little later than it was made
	 */
	private static Map<String, Long> millisUntilLastPick(String instance, Map<String, Long> picks, long killed) {
		Map<String, Long> known = new HashMap<>(picks);
		Map<String, Long> last = new HashMap<>();
		await().pollInterval(Duration.ofMillis(20)).until(() -> {
			Map<String, Long> now = picks(instance);
			Duration elapsed = Duration.ofNanos(System.nanoTime() - killed);
			now.forEach((caller, count) -> {
				if (!count.equals(known.put(caller, count))) {
					last.put(caller, elapsed.toMillis());
				}
			});
			return elapsed.compareTo(WATCHED) >= 0;
		});
		return last;
	}

	/**
	 * How long after a kill the request started; zero if it was under way at one.
	 */
	private static Duration sinceKill(List<Long> kills, SteadyLoad.Outcome outcome) {
		long ended = outcome.started() + outcome.time().toNanos();
		if (kills.stream().anyMatch((kill) -> kill - outcome.started() >= 0 && ended - kill >= 0)) {
			return Duration.ZERO;
		}
		return kills.stream()
			.map((kill) -> Duration.ofNanos(outcome.started() - kill))
			.filter((elapsed) -> !elapsed.isNegative())
			.min(Comparator.naturalOrder())
			.orElseThrow();
	}

	/** How often each problem came, without what differs from one to the next. */
	private static Map<String, Integer> kinds(SteadyLoad.Result result) {
		Map<String, Integer> kinds = new TreeMap<>();
		result.failures()
			.forEach((outcome) -> kinds.merge(
					outcome.problem().replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "…"), 1,
					Integer::sum));
		return kinds;
	}

	private static boolean hasCallInFlight(String instance) {
		return RunningSystem.counter(instance, "hikaricp_connections_active\\{[^}]*}") > 0;
	}

	static boolean isReady(String instance) {
		try {
			return Http.get(RunningSystem.system().address(instance), "/actuator/health/readiness").statusCode() == 200;
		}
		catch (UncheckedIOException ex) {
			return false;
		}
	}

	/** Names of the instances that Consul passes on to callers. */
	private static List<String> passing() {
		return Stream.of("config-server", "user-service", "order-service", "gateway")
			.map((service) -> Http.get(RunningSystem.system().consul(), "/v1/health/service/" + service + "?passing"))
			.filter((response) -> response.statusCode() == 200)
			.flatMap((response) -> Http.json(response).valueStream())
			.map((entry) -> entry.at("/Service/ID").asString())
			.toList();
	}

	/** How often each instance says in its log that Consul has registered it. */
	private static Map<String, Long> registrations(List<String> instances) {
		Map<String, Long> counts = new TreeMap<>();
		for (String instance : instances) {
			try (Stream<String> lines = Files.lines(RunningSystem.system().log(instance))) {
				counts.put(instance, lines.filter((line) -> line.contains("Registered as " + instance + ",")).count());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return counts;
	}

	/** How order-service-1 chooses among the instances of user-service. */
	private static String policy() {
		HttpResponse<String> response = Http.get(RunningSystem.system().address("order-service-1"),
				"/actuator/loadbalancing/user-service");
		JsonNode policy = Http.json(response).at("/settings/policy");
		return policy.asString("").toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static double answeredReads(String instance) {
		return RunningSystem.counter(instance, READS);
	}

	/** Lets the load go on for a while. */
	static void awaitElapsed(Duration duration) {
		long started = System.nanoTime();
		await().atMost(duration.plusSeconds(10)).until(() -> System.nanoTime() - started >= duration.toNanos());
	}

	static void awaitAnswers(SteadyLoad load, int more) {
		int until = load.answered() + more;
		await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= until);
	}

}
