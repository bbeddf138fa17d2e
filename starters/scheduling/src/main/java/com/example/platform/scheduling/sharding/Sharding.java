package com.example.platform.scheduling.sharding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobRun;
import com.example.platform.scheduling.job.Jobs;
import com.example.platform.scheduling.queue.RunQueue.Order;
import com.example.platform.scheduling.queue.Times;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes sharded jobs of plain ones. A shard is the run of one member of the cluster, by
 * rendezvous hashing; {@link #rebalance()} gives those that nobody has begun to others
 * when members come and go. Thread-safe.
 */
public final class Sharding {

	private static final Log log = LogFactory.getLog(Sharding.class);

	private static final JsonMapper JSON = new JsonMapper();

	// A shard that its owner has not begun by then is anybody's: the owner may not know
	// the job, and the list of members may be old.
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final JdbcClient jdbc;

	private final Jobs jobs;

	private final Supplier<? extends Collection<String>> members;

	/**
	 * Creates sharding.
	 * @param jdbc the service's database
	 * @param jobs schedules shards
	 * @param members the ids of the live instances at each call
	 */
	public Sharding(JdbcClient jdbc, Jobs jobs, Supplier<? extends Collection<String>> members) {
		this.jdbc = jdbc;
		this.jobs = jobs;
		this.members = members;
	}

	/**
	 * Declares the jobs of a sharded job.
	 * @param <R> type of a shard's result
	 * @param job what it does
	 * @return the job that splits, and those that work and merge
	 */
	public <R> List<JobDefinition> define(ShardedJob<R> job) {
		String name = job.name();
		return List.of(job.schedule(JobDefinition.of(name, (run) -> split(run, job))),
				JobDefinition.of(name + "-shard", (run) -> work(name, run, job)),
				JobDefinition.of(name + "-merge", (run) -> merge(name, run, job)));
	}

	private void split(JobRun run, ShardedJob<?> job) {
		List<Shard> shards = job.split(run).shards();
		Collection<String> present = members.get();
		run.once("split", () -> {
			jdbc.sql("insert into job_split (job, key, due, shards) values (:job, :key, :due, :shards)")
				.param("due", Times.toDatabase(run.due()))
				.param("job", run.job())
				.param("key", run.key())
				.param("shards", shards.size())
				.update();
			for (Shard shard : shards) {
				String key = run.key() + "/" + shard.index();
				String payload = JSON.writeValueAsString(new Part(run.key(), run.due(), shard));
				jobs.schedule(run.job() + "-shard", key, null,
						new Order(payload, 0, Rendezvous.owner(key, present).orElse(null)));
			}
		});
	}

	private <R> void work(String name, JobRun run, ShardedJob<R> job) throws Exception {
		Part part = run.payload(Part.class);
		long start = System.nanoTime();
		R result = job.work(run, part.shard(), part.due());
		long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
		run.once("result", () -> {
			int shards = jdbc.sql("select shards from job_split where job = :job and key = :key for update")
				.param("job", name)
				.param("key", part.key())
				.query(Integer.class)
				.single();
			jdbc.sql("""
					insert into job_shard_result (job, key, shard, instance, millis, result)
					values (:job, :key, :shard, :instance, :millis, :result)""")
				.param("job", name)
				.param("key", part.key())
				.param("shard", part.shard().index())
				.param("instance", run.instance())
				.param("millis", millis)
				.param("result", JSON.writeValueAsString(result))
				.update();
			if (results(name, part.key()).size() == shards) {
				jobs.schedule(name + "-merge", part.key(), null);
			}
		});
	}

	private <R> void merge(String name, JobRun run, ShardedJob<R> job) throws Exception {
		List<Result> results = results(name, run.key());
		Whole whole = jdbc.sql("select due, shards from job_split where job = :job and key = :key")
			.param("job", name)
			.param("key", run.key())
			.query((row, number) -> new Whole(Times.read(row, "due"), row.getInt("shards")))
			.optional()
			.filter((split) -> split.shards() == results.size())
			.orElseThrow(
					() -> new IllegalStateException("Of " + name + "/" + run.key() + " not all results are there"));
		List<R> values = new ArrayList<>();
		results
			.forEach((result) -> values.add(Objects.requireNonNull(JSON.readValue(result.result(), job.resultType()))));
		job.merge(run, values, whole.due());
		log.info(name + "/" + run.key() + ": " + skew(results));
	}

	/**
	 * Shows how the shards of a run went to the instances.
	 * @param job name of the sharded job
	 * @param key key of the run
	 * @return what has come in so far
	 */
	public Skew skew(String job, String key) {
		return skew(results(job, key));
	}

	private static Skew skew(List<Result> results) {
		Map<String, Integer> shards = new TreeMap<>();
		Map<String, Long> millis = new TreeMap<>();
		results.forEach((result) -> {
			shards.merge(result.instance(), 1, Integer::sum);
			millis.merge(result.instance(), result.millis(), Long::sum);
		});
		double most = millis.values().stream().mapToLong(Long::longValue).max().orElse(0);
		double mean = millis.values().stream().mapToLong(Long::longValue).average().orElse(0);
		return new Skew(shards, millis, (mean > 0) ? most / mean : 1);
	}

	private List<Result> results(String job, String key) {
		return jdbc.sql("""
				select instance, millis, result from job_shard_result where job = :job and key = :key order by shard""")
			.param("job", job)
			.param("key", key)
			.query((row, number) -> new Result(row.getString("instance"), row.getLong("millis"),
					row.getString("result")))
			.list();
	}

	/**
	 * Gives shards that nobody has begun to the members that they belong to now. To be
	 * called often.
	 */
	public void rebalance() {
		Collection<String> present = members.get();
		List<Waiting> waiting = jdbc
			.sql("""
					select task_name, task_instance, owner, execution_time < clock_timestamp() - make_interval(secs => :patience)
					  as late
					from job_queue where owner is not null and not picked""")
			.param("patience", PATIENCE.toSeconds())
			.query((row, number) -> new Waiting(row.getString("task_name"), row.getString("task_instance"),
					row.getString("owner"), row.getBoolean("late")))
			.list();
		for (Waiting shard : waiting) {
			String owner = shard.late() ? null : Rendezvous.owner(shard.key(), present).orElse(null);
			if (!shard.owner().equals(owner)) {
				jdbc.sql("""
						update job_queue set owner = :owner
						where task_name = :job and task_instance = :key and owner = :before and not picked""")
					.param("owner", owner)
					.param("job", shard.job())
					.param("key", shard.key())
					.param("before", shard.owner())
					.update();
			}
		}
	}

	/**
	 * Where the shards of a run were worked on.
	 *
	 * @param shards how many, by instance
	 * @param millis for how long in sum, by instance
	 * @param skew the longest of these, divided by their mean: 1 is even
	 */
	public record Skew(Map<String, Integer> shards, Map<String, Long> millis, double skew) {

		@Override
		public String toString() {
			return shards.keySet()
				.stream()
				.map((instance) -> instance + " " + shards.get(instance) + " shards in " + millis.get(instance) + " ms")
				.collect(Collectors.joining(", ", "", ", skew %.2f".formatted(skew)));
		}

	}

	private record Part(String key, Instant due, Shard shard) {
	}

	private record Whole(Instant due, int shards) {
	}

	private record Result(String instance, long millis, String result) {
	}

	private record Waiting(String job, String key, String owner, boolean late) {
	}

}
