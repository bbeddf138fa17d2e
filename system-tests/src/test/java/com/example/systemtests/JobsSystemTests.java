package com.example.systemtests;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves that the instances that Consul knows share a job, and that {@code ./dev jobs}
 * sees and steers it.
 */
class JobsSystemTests {

	private static final String JOB = "daily-summary";

	private static final String MERGE = JOB + "-merge";

	// Until then, a shard is its owner's; after it anybody's, which hides that the
	// owner is nobody.
	private static final Duration SHARD_IS_ITS_OWNERS = Duration.ofSeconds(10);

	@Test
	void theInstancesShareAJobThatIsRunByHand() throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(
					"""
							insert into orders (user_id, idempotency_key, status, total_minor_units, currency, placed_at, paid_at)
							select 1000000 + i % 100, gen_random_uuid(), 'PAID', 10, 'EUR', now() - interval '1 day', now()
							from generate_series(1, 1000) i""");
			String key = run();
			await().until(() -> state(MERGE, key).equals("succeeded"));
			Map<String, Integer> shards = new TreeMap<>();
			Duration longest = Duration.ZERO;
			for (JsonNode shard : history(JOB + "-shard")) {
				if (shard.path("key").asString().startsWith(key + "/")) {
					assertThat(shard.path("state").asString()).isEqualTo("succeeded");
					shards.merge(shard.path("instance").asString(), 1, Integer::sum);
					Duration waited = Duration.between(time(shard, "due"), time(shard, "started"));
					longest = (waited.compareTo(longest) > 0) ? waited : longest;
				}
			}
			System.out.printf("shards of %s: %s; the last of them begun %d ms after it was due%n", JOB, shards,
					longest.toMillis());
			assertThat(shards).containsOnlyKeys("order-service-1", "order-service-2");
			assertThat(shards.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(16);
			assertThat(longest).isLessThan(SHARD_IS_ITS_OWNERS);
			ResultSet summary = statement.executeQuery(
					"""
							select users, placed, paid, (select count(*) from orders
							  where (placed_at at time zone 'UTC')::date = day) as there from daily_summary order by day desc""");
			assertThat(summary.next()).isTrue();
			assertThat(summary.getLong("placed")).isEqualTo(summary.getLong("there")).isGreaterThanOrEqualTo(1_000);
			assertThat(summary.getLong("paid")).isGreaterThanOrEqualTo(1_000);
			assertThat(summary.getLong("users")).isGreaterThanOrEqualTo(100);
		}
	}

	@Test
	void aRunIsCancelledAndRepeatedByHand() throws SQLException {
		String key;
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table daily_summary in exclusive mode");
			key = run();
			await().until(() -> state(MERGE, key).equals("running"));
			assertThat(RunningSystem.dev("jobs", "cancel", MERGE, key)).startsWith(MERGE + " ends " + key);
			await().until(() -> state(MERGE, key).equals("failed"));
			assertThat(RunningSystem.dev("jobs", "history", MERGE)).contains(key, "cancelled");
			connection.commit();
		}
		assertThat(RunningSystem.dev("jobs", "retry", MERGE, key)).startsWith(MERGE + " runs " + key);
		await().until(() -> state(MERGE, key).equals("succeeded"));
	}

	@Test
	void aScheduleIsPausedAndResumedForAllInstances() {
		assertThat(line()).contains("order-service", "0 0 1 * * * UTC").doesNotContain("paused");
		assertThat(RunningSystem.dev("jobs", "pause", JOB)).startsWith(JOB + " is paused.");
		assertThat(line()).contains("(paused)");
		for (String instance : new String[] { "order-service-1", "order-service-2" }) {
			assertThat(Http.json(Http.get(RunningSystem.actuator(instance), "/actuator/jobs"))
				.valueStream()
				.filter((job) -> job.path("name").asString().equals(JOB))
				.map((job) -> job.path("paused").asBoolean())).containsExactly(true);
		}
		assertThat(RunningSystem.dev("jobs", "resume", JOB)).startsWith(JOB + " goes on.");
		assertThat(line()).doesNotContain("paused");
	}

	@Test
	void aServiceWithoutJobsHasNoTableOfThem() throws SQLException {
		assertThat(tables("user-service")).isNotEmpty().noneMatch((table) -> table.startsWith("job_"));
		assertThat(tables("order-service")).contains("job_queue", "job_run");
	}

	private static List<String> tables(String service) throws SQLException {
		List<String> tables = new ArrayList<>();
		try (Connection connection = FaultSystemTests.connect(RunningSystem.system().database(service));
				ResultSet found = connection.getMetaData().getTables(null, null, "%", new String[] { "TABLE" })) {
			while (found.next()) {
				tables.add(found.getString("TABLE_NAME"));
			}
		}
		return tables;
	}

	/** The line of the job in the list of all. */
	private static String line() {
		return RunningSystem.dev("jobs").lines().filter((line) -> line.startsWith(JOB + " ")).findFirst().orElseThrow();
	}

	/** Runs the job by hand, and returns the key of the run. */
	private static String run() {
		Set<String> before = keys();
		assertThat(RunningSystem.dev("jobs", "run", JOB)).startsWith(JOB + " runs as soon as");
		await().until(() -> keys().size() > before.size());
		return keys().stream().filter((key) -> !before.contains(key)).findFirst().orElseThrow();
	}

	private static Set<String> keys() {
		return history(JOB).valueStream()
			.map((run) -> run.path("key").asString())
			.filter((key) -> key.startsWith("manual-"))
			.collect(Collectors.toSet());
	}

	private static String state(String job, String key) {
		return history(job).valueStream()
			.filter((run) -> run.path("key").asString().equals(key))
			.map((run) -> run.path("state").asString())
			.findFirst()
			.orElse("");
	}

	/** The runs of a job, the latest first. */
	private static JsonNode history(String job) {
		return Http.json(Http.get(RunningSystem.actuator("order-service-1"), "/actuator/jobs/" + job));
	}

	private static Instant time(JsonNode run, String field) {
		return Instant.parse(run.path(field).asString());
	}

	private static Connection connect() throws SQLException {
		return FaultSystemTests.connect(RunningSystem.system().database("order-service"));
	}

}
