package com.example.platform.scheduling.sharding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import com.example.platform.scheduling.job.Fleet;
import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobRun;
import com.example.platform.scheduling.job.JobScheduler;
import com.example.platform.scheduling.queue.RunState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Items in shards, by instances that come and go: 10,000 with
 * {@code -Dscheduling.full=true}.
 */
class ShardingIntegrationTests {

	private static final int ITEMS = Boolean.getBoolean("scheduling.full") ? 10_000 : 1_500;

	// As if another service were asked about each item.
	private static final Duration EACH_TAKES = Duration.ofMillis(3);

	private static final int SHARDS = 16;

	private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private final Fleet fleet = new Fleet();

	private final CountDownLatch never = new CountDownLatch(1);

	private final Set<String> members = ConcurrentHashMap.newKeySet();

	private final List<JobScheduler> schedulers = new ArrayList<>();

	private final Map<String, Sharding> shardings = new TreeMap<>();

	@BeforeEach
	void createEffects() {
		fleet.configure("threads", "2");
		fleet.jdbc.sql("create table item_effect (item bigint, instance text)").update();
		fleet.jdbc.sql("create table merged (items bigint)").update();
	}

	@AfterEach
	void stop() {
		fleet.close();
	}

	@ParameterizedTest
	@EnumSource
	void eachItemOnceAndOneResultWhileOneJoinsAndOneDies(Way way) {
		Map<Integer, Duration> took = new TreeMap<>();
		took.put(1, run("one", () -> start(way)));
		JobScheduler[] second = new JobScheduler[1];
		took.put(2, run("two", () -> second[0] = start(way)));
		took.put(3, run("three", () -> {
		}, () -> start(way), () -> {
			// Its workers go on by the connections of the service, and nobody waits for
			// them.
			fleet.isolate(second[0]);
			members.remove(second[0].instance());
		}));
		System.out.printf("sharded by %s: %,d items on 1, 2 and up to 3 instances in %s; skew %s%n", way, ITEMS, took,
				shardings.values().iterator().next().skew("work", "three"));
		// Whatever the one that was cut off had finished by itself.
		await().until(() -> !fleet.runs("work-shard", RunState.ABANDONED).isEmpty());
	}

	@Test
	void aShardThatItsOwnerDoesNotBeginIsAnybodys() {
		start(Way.HASH);
		members.clear();
		members.add("one-that-does-not-know-the-job");
		schedulers.get(0).jobs().schedule("work", "a", null);
		await().until(() -> fleet.history.open("work-shard").size() == SHARDS);
		assertThat(fleet.runs("work-shard", RunState.WAITING)).hasSize(SHARDS);
		fleet.jdbc.sql("update job_queue set execution_time = now() - interval '11 s' where task_name = 'work-shard'")
			.update();
		await().atMost(Duration.ofSeconds(60)).until(() -> merged() > 0);
		assertThat(effects()).isEqualTo(ITEMS);
	}

	private Duration run(String key, Runnable before, Runnable... meanwhile) {
		before.run();
		fleet.jdbc.sql("truncate item_effect, merged").update();
		JobScheduler any = schedulers.get(0);
		long begin = System.nanoTime();
		any.jobs().schedule("work", key, null);
		int step = 0;
		for (Runnable change : meanwhile) {
			int done = ++step * ITEMS / (meanwhile.length + 2);
			await().until(() -> effects() > done);
			change.run();
		}
		await().atMost(Duration.ofSeconds(60)).until(() -> merged() > 0);
		Duration took = Duration.ofNanos(System.nanoTime() - begin);
		assertThat(fleet.jdbc.sql("select items from merged").query(Long.class).list()).containsExactly((long) ITEMS);
		assertThat(effects()).isEqualTo(ITEMS);
		assertThat(fleet.jdbc.sql("select count(distinct item) from item_effect").query(Integer.class).single())
			.isEqualTo(ITEMS);
		return took;
	}

	private JobScheduler start(Way way) {
		JobScheduler instance = fleet.create();
		Sharding sharding = new Sharding(fleet.jdbc, instance.jobs(), () -> members);
		List<JobDefinition> jobs = sharding.define(new Work(way));
		instance.start(jobs);
		instance.every(Duration.ofMillis(100), sharding::rebalance);
		members.add(instance.instance());
		schedulers.add(instance);
		shardings.put(instance.instance(), sharding);
		return instance;
	}

	private int effects() {
		return fleet.jdbc.sql("select count(*) from item_effect").query(Integer.class).single();
	}

	private int merged() {
		return fleet.jdbc.sql("select count(*) from merged").query(Integer.class).single();
	}

	enum Way {

		COUNT, HASH, TIME

	}

	private final class Work implements ShardedJob<Long> {

		private final Way way;

		private Work(Way way) {
			this.way = way;
		}

		@Override
		public String name() {
			return "work";
		}

		@Override
		public Split split(JobRun run) {
			return switch (way) {
				case COUNT -> Split.byCount(ITEMS, SHARDS);
				case HASH -> Split.byHash(SHARDS);
				case TIME -> Split.byTime(BEGIN, BEGIN.plusSeconds(ITEMS), SHARDS);
			};
		}

		@Override
		public Long work(JobRun run, Shard shard, Instant due) throws InterruptedException {
			List<Long> mine = LongStream.range(0, ITEMS).filter((item) -> isOf(shard, item)).boxed().toList();
			run.forEach(mine, 2, (item) -> workOn(run, item));
			return (long) mine.size();
		}

		private void workOn(JobRun run, long item) {
			run.once("item-" + item,
					() -> fleet.jdbc.sql("insert into item_effect (item, instance) values (:item, :instance)")
						.param("item", item)
						.param("instance", run.instance())
						.update());
			try {
				var unused = never.await(EACH_TAKES.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private boolean isOf(Shard shard, long item) {
			return switch (way) {
				case COUNT -> item >= shard.from() && item < shard.to();
				case HASH -> shard.contains("user-" + item);
				case TIME ->
					!BEGIN.plusSeconds(item).isBefore(shard.begin()) && BEGIN.plusSeconds(item).isBefore(shard.end());
			};
		}

		@Override
		public void merge(JobRun run, List<Long> results, Instant due) {
			run.once(() -> fleet.jdbc.sql("insert into merged (items) values (:items)")
				.param("items", results.stream().mapToLong(Long::longValue).sum())
				.update());
		}

		@Override
		public Class<Long> resultType() {
			return Long.class;
		}

	}

}
