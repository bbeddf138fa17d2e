package com.example.platform.scheduling.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.example.platform.defaults.WorthWaiting;
import com.example.platform.scheduling.job.SchedulingSettings.Policy;
import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunLostException;
import com.example.platform.scheduling.queue.RunQueue;
import com.example.platform.scheduling.queue.RunQueue.Taken;
import com.example.platform.scheduling.queue.RunState;
import com.example.platform.scheduling.queue.Times;
import io.grpc.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Jobs of several instances on a real PostgreSQL.
 */
class JobsIntegrationTests {

	private static final String EACH_SECOND = "* * * * * *";

	private final Fleet fleet = new Fleet();

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void stop() {
		release.countDown();
		fleet.close();
	}

	@Test
	void ofThreeInstancesOneRunsEachTick() {
		List<String> effects = new CopyOnWriteArrayList<>();
		JobDefinition tick = JobDefinition.of("tick", (run) -> effects.add(run.key()))
			.cron(EACH_SECOND, ZoneOffset.UTC);
		for (int i = 0; i < 3; i++) {
			fleet.start(tick);
		}
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 4);
		assertThat(effects).doesNotHaveDuplicates();
		List<Run> runs = new ArrayList<>(fleet.runs("tick"));
		Collections.reverse(runs);
		for (int i = 1; i < runs.size(); i++) {
			assertThat(runs.get(i).due()).isEqualTo(runs.get(i - 1).due().plusSeconds(1));
		}
		assertThat(runs).allSatisfy((run) -> assertThat(run.attempt()).isOne());
	}

	@Test
	void whatFailsIsTriedAgainThreeTimesAndThenGivenUp() {
		fleet.configure("defaults.first-retry-after", "10ms");
		Jobs jobs = fleet.start(JobDefinition.of("fails", (run) -> {
			throw new IllegalStateException("out of paper");
		})).jobs();
		jobs.schedule("fails", "a", null);
		await().until(() -> fleet.runs("fails", RunState.FAILED).size() == 4);
		assertThat(fleet.history.open("fails")).isEmpty();
		assertThat(fleet.runs("fails")).extracting(Run::attempt).containsExactly(4, 3, 2, 1);
		assertThat(fleet.runs("fails")).allSatisfy((run) -> assertThat(run.reason()).contains("out of paper"));
		jobs.retry("fails", "a");
		await().until(() -> fleet.runs("fails", RunState.FAILED).size() == 5);
		assertThatIllegalArgumentException().isThrownBy(() -> jobs.retry("fails", "b"))
			.withMessageContaining("fails/b");
	}

	@Test
	void pausesBetweenAttemptsDouble() {
		JobPolicy policy = Policy.NONE.inEffect();
		for (int attempt = 1; attempt <= 3; attempt++) {
			Duration pause = policy.retryAfter(attempt, new Random(1));
			assertThat(pause).isBetween(Duration.ofMillis(800L << (attempt - 1)),
					Duration.ofMillis(1200L << (attempt - 1)));
		}
	}

	@Test
	void whatHangsIsInterruptedAtItsTimeLimit() {
		fleet.configure("jobs.hangs.time-limit", "200ms", "jobs.hangs.max-retries", "0");
		fleet.start(JobDefinition.of("hangs", (run) -> release.await())).jobs().schedule("hangs", "a", null);
		await().until(() -> !fleet.runs("hangs", RunState.FAILED).isEmpty());
		assertThat(fleet.runs("hangs").get(0).reason()).contains("longer than PT0.2S");
	}

	@Test
	void whatHeedsNoInterruptionEndsWithTheCallThatTheRunIs() {
		fleet.configure("jobs.hangs.time-limit", "200ms", "jobs.hangs.max-retries", "0");
		fleet.start(JobDefinition.of("hangs", (run) -> {
			Context.current().addListener((call) -> release.countDown(), Runnable::run);
			awaitRelease();
		})).jobs().schedule("hangs", "a", null);
		await().until(() -> !fleet.runs("hangs", RunState.FAILED).isEmpty());
		assertThat(fleet.runs("hangs").get(0).reason()).contains("longer than PT0.2S");
	}

	@Test
	void theWorkersOfARunEndWithItsCallAndBeforeIt() {
		fleet.configure("jobs.hangs.time-limit", "200ms", "jobs.hangs.max-retries", "0");
		AtomicInteger ended = new AtomicInteger();
		fleet.start(JobDefinition.of("hangs", (run) -> run.forEach(List.of(1, 2), 2, (item) -> {
			Context.current().addListener((call) -> release.countDown(), Runnable::run);
			awaitRelease();
			ended.incrementAndGet();
		}))).jobs().schedule("hangs", "a", null);
		await().until(() -> !fleet.runs("hangs", RunState.FAILED).isEmpty());
		assertThat(ended).hasValue(2);
	}

	@Test
	void aTickIsSkippedWhileTheEarlierRunIsUnderWay() {
		fleet.start(blocks("slow").cron(EACH_SECOND, ZoneOffset.UTC));
		await().until(() -> fleet.runs("slow", RunState.SKIPPED).stream().anyMatch((run) -> run.ticks() >= 2));
		assertThat(fleet.history.open("slow")).hasSize(1);
		assertThat(fleet.runs("slow", RunState.SKIPPED)).hasSize(1)
			.allSatisfy((run) -> assertThat(run.reason()).contains("still under way"));
	}

	@Test
	void oneTickWaitsForTheEarlierRun() {
		JobDefinition slow = blocks("slow").cron(EACH_SECOND, ZoneOffset.UTC);
		fleet.start(slow.with(slow.policy().withOverlap(Overlap.BUFFER_ONE)));
		await().until(() -> !fleet.runs("slow", RunState.SKIPPED).isEmpty());
		List<Run> open = fleet.history.open("slow");
		assertThat(open).extracting(Run::state).containsExactly(RunState.RUNNING, RunState.WAITING);
		release.countDown();
		await().until(() -> fleet.runs("slow", RunState.SUCCEEDED).size() >= 2);
		assertThat(fleet.runs("slow", RunState.SUCCEEDED)).extracting(Run::key)
			.contains(open.get(0).key(), open.get(1).key());
	}

	@Test
	void ticksOverlapWhereTheyMay() {
		JobDefinition slow = blocks("slow").cron(EACH_SECOND, ZoneOffset.UTC);
		fleet.start(slow.with(slow.policy().withOverlap(Overlap.ALLOW)));
		await().until(() -> fleet.runs("slow", RunState.RUNNING).size() >= 3);
		assertThat(fleet.runs("slow", RunState.SKIPPED)).isEmpty();
	}

	@Test
	void theNextTickCancelsTheEarlierRun() {
		JobDefinition slow = blocks("slow").cron(EACH_SECOND, ZoneOffset.UTC);
		fleet.start(slow.with(slow.policy().withOverlap(Overlap.CANCEL_OTHER)))
			.jobs()
			.schedule("slow", "later", null, Instant.parse("2999-01-01T00:00:00Z"), 0);
		await().until(() -> fleet.runs("slow", RunState.FAILED).size() >= 2);
		assertThat(fleet.history.open("slow", "later")).hasValueSatisfying((run) -> {
			assertThat(run.state()).isEqualTo(RunState.WAITING);
			assertThat(run.cancelled()).isFalse();
		});
		assertThat(fleet.runs("slow", RunState.FAILED))
			.allSatisfy((run) -> assertThat(run.reason()).isEqualTo("cancelled"));
		assertThat(fleet.runs("slow", RunState.RUNNING).size()).isLessThanOrEqualTo(1);
	}

	@Test
	void noMoreRunsAtOnceThanTheClusterMayHave() {
		fleet.configure("jobs.work.max-concurrent-runs", "2", "threads", "5");
		AtomicInteger now = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		JobDefinition work = JobDefinition.of("work", (run) -> {
			most.accumulateAndGet(now.incrementAndGet(), Math::max);
			new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
			now.decrementAndGet();
		});
		Jobs jobs = fleet.start(work).jobs();
		fleet.start(work);
		IntStream.range(0, 8).forEach((i) -> jobs.schedule("work", "k" + i, null));
		await().until(() -> fleet.runs("work", RunState.SUCCEEDED).size() == 8);
		assertThat(most.get()).isEqualTo(2);
	}

	@Test
	void afterAnOutageTheLatestTickRunsForAll() {
		JobDefinition tick = JobDefinition.of("tick", (run) -> {
		}).cron(EACH_SECOND, ZoneOffset.UTC);
		fleet.start(tick).close();
		back("tick", 100);
		fleet.start(tick);
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 2);
		assertThat(fleet.runs("tick", RunState.SKIPPED)).hasSize(1)
			.allSatisfy((run) -> assertThat(run.ticks()).isBetween(98L, 103L));
		assertGapless("tick");
	}

	@Test
	void afterAnOutageEachTickRunsInOrderAndWhatIsTooOldIsMissed() {
		fleet.configure("jobs.tick.catch-up", "each", "jobs.tick.catch-up-window", "10s");
		List<String> order = new CopyOnWriteArrayList<>();
		JobDefinition tick = JobDefinition.of("tick", (run) -> order.add(run.key())).cron(EACH_SECOND, ZoneOffset.UTC);
		fleet.start(tick).close();
		back("tick", 30);
		fleet.start(tick);
		fleet.start(tick);
		await().atMost(Duration.ofSeconds(20)).until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 10);
		assertThat(order).isSorted().doesNotHaveDuplicates();
		assertThat(fleet.runs("tick", RunState.SKIPPED)).last()
			.satisfies((run) -> assertThat(run.reason()).contains("catch-up window of PT10S"));
		assertGapless("tick");
	}

	@Test
	void howeverManyTicksPassedNoneIsSkippedSinceOthersAreStillToBeCaughtUp() {
		fleet.configure("jobs.tick.catch-up", "each");
		JobDefinition tick = blocks("tick").cron("*/10 * * * * *", ZoneOffset.UTC);
		fleet.start(tick).close();
		// More than are planned at once.
		back("tick", 2500);
		Instant missed = Instant.now().minusSeconds(10);
		fleet.start(tick);
		await().until(() -> fleet.history.open("tick").size() >= 249);
		assertThat(fleet.runs("tick", RunState.SKIPPED)).allMatch((run) -> run.due().isAfter(missed));
	}

	@Test
	void ticksThatAnInstanceHadTakenWhenItDiedAreNotLost() {
		fleet.configure("jobs.tick.catch-up", "each");
		JobDefinition tick = JobDefinition.of("tick", (run) -> {
		}).cron(EACH_SECOND, ZoneOffset.UTC);
		fleet.start(tick).close();
		back("tick", 5);
		Instant taken = fleet.jdbc.sql("""
				update job_queue set picked = true, picked_by = 'gone', last_heartbeat = now() - interval '1 minute'
				where task_name = 'schedule:tick' returning execution_time""")
			.query((row, number) -> Times.read(row, "execution_time"))
			.single();
		fleet.start(tick);
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 5);
		List<Run> runs = fleet.runs("tick");
		assertThat(runs.get(runs.size() - 1).due()).isEqualTo(taken);
		assertGapless("tick");
	}

	@Test
	void anInstanceThatHasNotHeardOfTheLatestScheduleLeavesItToOthers() {
		JobDefinition onDemand = JobDefinition.of("tick", (run) -> {
		});
		fleet.start(onDemand);
		fleet.start(onDemand.cron(EACH_SECOND, ZoneOffset.UTC));
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 3);
		assertGapless("tick");
	}

	@Test
	void theScheduleOfInstancesThatAreGoneGivesWayToThatOfThoseThatLive() {
		JobDefinition onDemand = JobDefinition.of("tick", (run) -> {
		});
		fleet.start(onDemand.cron(EACH_SECOND, ZoneOffset.UTC));
		// One of an older version that comes back during an update, and goes for good.
		fleet.start(onDemand.cron("0 0 0 1 1 *", ZoneOffset.UTC)).close();
		fleet.jdbc.sql("delete from job_run").update();
		Instant gone = fleet.jdbc.sql("""
				update job_queue set kept = kept - interval '30 seconds' where task_name = 'schedule:tick'
				returning kept""").query((row, number) -> Times.read(row, "kept")).single();
		await().until(() -> !fleet.runs("tick", RunState.SUCCEEDED).isEmpty());
		List<Run> runs = fleet.runs("tick").stream().filter((run) -> run.lastDue().isAfter(gone)).toList();
		assertThat(runs.get(runs.size() - 1).due()).isBeforeOrEqualTo(gone.plusSeconds(1));
		assertGapless("tick");
	}

	@Test
	void anInstanceToWhichNothingIsNewDoesNotUndoWhatANewerOneHasMadeOfASchedule() {
		JobDefinition onDemand = JobDefinition.of("tick", (run) -> {
		});
		fleet.start(onDemand.cron("0 0 0 1 1 *", ZoneOffset.UTC));
		fleet.start(onDemand.cron(EACH_SECOND, ZoneOffset.UTC));
		fleet.configure("jobs.other.enabled", "false");
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 2);
		assertGapless("tick");
	}

	@Test
	void aTickThatNobodyPlannedIsNotLostWhereTheScheduleChanges() {
		JobDefinition tick = JobDefinition.of("tick", (run) -> {
		});
		fleet.start(tick.cron("0 0 * * * *", ZoneOffset.UTC)).close();
		back("tick", 7200);
		fleet.start(tick.cron("0 30 3 1 1 *", ZoneOffset.UTC));
		await().until(() -> !fleet.runs("tick").isEmpty());
		assertThat(fleet.runs("tick")).allSatisfy((run) -> assertThat(run.due()).isBefore(Instant.now()));
	}

	@Test
	void whatIsRepeatedByHandWaitsForTheRunThatIsUnderWay() {
		fleet.configure("jobs.slow.max-retries", "0");
		AtomicInteger attempts = new AtomicInteger();
		JobDefinition slow = JobDefinition.of("slow", (run) -> {
			if (attempts.incrementAndGet() == 1) {
				throw new IllegalStateException("the first one");
			}
			release.await();
		}).cron(EACH_SECOND, ZoneOffset.UTC);
		Jobs jobs = fleet.start(slow).jobs();
		await().until(() -> !fleet.runs("slow", RunState.FAILED).isEmpty()
				&& !fleet.runs("slow", RunState.RUNNING).isEmpty());
		Run failed = fleet.runs("slow", RunState.FAILED).get(0);
		jobs.retry("slow", failed.key());
		await().until(() -> fleet.history.open("slow").stream().anyMatch((run) -> run.reason() != null));
		assertThat(fleet.runs("slow", RunState.RUNNING)).hasSize(1);
		release.countDown();
		await().until(() -> fleet.runs("slow", RunState.SUCCEEDED)
			.stream()
			.anyMatch((run) -> run.key().equals(failed.key())));
	}

	@Test
	void anAttemptThatIsLostIsInterruptedAndNotTheOneThatGoesOnInItsPlace() {
		List<String> interrupted = new CopyOnWriteArrayList<>();
		CountDownLatch lost = new CountDownLatch(1);
		Jobs jobs = fleet.start(JobDefinition.of("slow", (run) -> {
			try {
				(run.attempt() == 1 ? new CountDownLatch(1) : lost).await();
			}
			catch (InterruptedException ex) {
				interrupted.add(run.toString());
				lost.countDown();
				throw ex;
			}
		})).jobs();
		jobs.schedule("slow", "a", null);
		await().until(() -> !fleet.runs("slow", RunState.RUNNING).isEmpty());
		// As one does that has not heard of it for too long.
		long version = fleet.jdbc.sql("select version from job_queue where task_name = 'slow'")
			.query(Long.class)
			.single();
		assertThat(new RunQueue(fleet.jdbc).repeat(new Taken("slow", "a", version), Instant.EPOCH, RunState.ABANDONED,
				"not heard of"))
			.isTrue();
		await().until(() -> !fleet.runs("slow", RunState.SUCCEEDED).isEmpty());
		assertThat(interrupted).containsExactly("slow/a#1");
		assertThat(fleet.runs("slow")).extracting(Run::state).containsExactly(RunState.SUCCEEDED, RunState.ABANDONED);
	}

	@Test
	void whatIsOrderedForLaterDoesNotHoldUpTheSchedule() {
		Jobs jobs = fleet.start(JobDefinition.of("tick", (run) -> {
		}).cron(EACH_SECOND, ZoneOffset.UTC)).jobs();
		jobs.schedule("tick", "later", null, Instant.parse("2999-01-01T00:00:00Z"), 0);
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).size() >= 2);
		assertThat(fleet.runs("tick", RunState.SKIPPED)).isEmpty();
	}

	@Test
	void anEffectIsRememberedForAsLongAsItsRunCanBeRepeated() {
		fleet.configure("defaults.max-retries", "0");
		List<Boolean> made = new CopyOnWriteArrayList<>();
		Jobs jobs = fleet.start(JobDefinition.of("send", (run) -> {
			made.add(run.once(() -> {
			}));
			throw new IllegalStateException("after the effect");
		})).jobs();
		jobs.schedule("send", "a", null);
		await().until(() -> fleet.runs("send", RunState.FAILED).size() == 1);
		fleet.jdbc.sql("update job_effect set at = now() - interval '10 days'").update();
		fleet.history.forget(Duration.ofDays(7));
		jobs.retry("send", "a");
		await().until(() -> fleet.runs("send", RunState.FAILED).size() == 2);
		assertThat(made).containsExactly(true, false);
	}

	@Test
	void aFixedDelayBeginsAtTheEndOfTheRunBefore() {
		fleet.start(JobDefinition.of("clean", (run) -> {
		}).fixedDelay(Duration.ofMillis(300)));
		await().until(() -> fleet.runs("clean", RunState.SUCCEEDED).size() >= 3);
		List<Run> runs = fleet.runs("clean", RunState.SUCCEEDED);
		for (int i = 1; i < runs.size(); i++) {
			assertThat(runs.get(i - 1).due()).isEqualTo(Objects.requireNonNull(runs.get(i).ended()).plusMillis(300));
		}
	}

	@Test
	void aRunIsScheduledOnceForEachKeyWithItsPayloadAndInTheCallersTransaction() {
		record Letter(String to, int copies) {
		}
		List<Letter> sent = new CopyOnWriteArrayList<>();
		Jobs jobs = fleet.start(JobDefinition.of("send", (run) -> sent.add(run.payload(Letter.class)))).jobs();
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(fleet.service));
		transaction.executeWithoutResult((status) -> {
			assertThat(jobs.schedule("send", "never", new Letter("nobody", 1))).isTrue();
			status.setRollbackOnly();
		});
		transaction.executeWithoutResult((status) -> {
			assertThat(jobs.schedule("send", "once", new Letter("Ada", 2))).isTrue();
			assertThat(jobs.schedule("send", "once", new Letter("Bob", 3))).isFalse();
		});
		await().until(() -> fleet.runs("send", RunState.SUCCEEDED).size() == 1);
		assertThat(jobs.schedule("send", "once", new Letter("Bob", 3))).isFalse();
		assertThat(sent).containsExactly(new Letter("Ada", 2));
		assertThatIllegalArgumentException().isThrownBy(() -> jobs.schedule("sends", "a", null))
			.withMessageContaining("There is no job 'sends'. There are: [send]");
		assertThatIllegalArgumentException().isThrownBy(() -> jobs.schedule("send", "a", null, Instant.EPOCH, 100))
			.withMessageContaining("from -99 to 99");
		for (String key : List.of("", " ", "k".repeat(201), "a\0b")) {
			assertThatIllegalArgumentException().isThrownBy(() -> jobs.schedule("send", key, null));
		}
	}

	@Test
	void ofWhatIsDueTheMoreImportantComesFirst() throws Exception {
		fleet.configure("threads", "1");
		List<String> order = new CopyOnWriteArrayList<>();
		Jobs jobs = fleet.start(JobDefinition.of("work", (run) -> {
			order.add(run.key());
			if (run.key().equals("first")) {
				release.await();
			}
		})).jobs();
		jobs.schedule("work", "first", null);
		await().until(() -> !order.isEmpty());
		Instant due = fleet.runs("work").get(0).due();
		jobs.schedule("work", "usual", null, due, 0);
		jobs.schedule("work", "urgent", null, due, 10);
		release.countDown();
		await().until(() -> order.size() == 3);
		assertThat(order).containsExactly("first", "urgent", "usual");
	}

	@Test
	void whatAnInstanceLeavesGoesOnElsewhereAndTheFirstWritesNothingMore() throws Exception {
		fleet.jdbc.sql("create table letter (run text, fence bigint)").update();
		List<Throwable> refused = new CopyOnWriteArrayList<>();
		JobDefinition send = JobDefinition.of("send", (run) -> {
			if (run.attempt() == 1) {
				// Like one that was frozen: it hears of no interruption.
				awaitRelease();
			}
			try {
				run.once(() -> write(run));
			}
			catch (RunLostException ex) {
				refused.add(ex);
				throw ex;
			}
		});
		JobScheduler first = fleet.start(send);
		first.jobs().schedule("send", "a", null);
		await().until(() -> !fleet.runs("send", RunState.RUNNING).isEmpty());
		fleet.start(send);
		fleet.isolate(first);
		await().until(() -> !fleet.runs("send", RunState.SUCCEEDED).isEmpty());
		release.countDown();
		await().until(() -> !refused.isEmpty());
		assertThat(refused.get(0)).hasMessageContaining("send/a#1");
		assertThat(fleet.runs("send")).extracting(Run::state).containsExactly(RunState.SUCCEEDED, RunState.ABANDONED);
		assertThat(fleet.runs("send")).extracting(Run::instance).containsExactly("instance-2", "instance-1");
		assertThat(fleet.jdbc.sql("select fence from letter").query(Long.class).list())
			.containsExactly(fleet.runs("send").get(0).fence());
	}

	@Test
	void anEffectThatWasMadeIsNotMadeAgainByTheNextAttempt() {
		fleet.configure("defaults.first-retry-after", "10ms");
		fleet.jdbc.sql("create table letter (run text, fence bigint)").update();
		List<Boolean> made = new CopyOnWriteArrayList<>();
		fleet.start(JobDefinition.of("send", (run) -> {
			made.add(run.once(() -> write(run)));
			if (run.attempt() == 1) {
				throw new IllegalStateException("after the effect");
			}
		})).jobs().schedule("send", "a", null);
		await().until(() -> !fleet.runs("send", RunState.SUCCEEDED).isEmpty());
		assertThat(made).containsExactly(true, false);
		assertThat(fleet.jdbc.sql("select count(*) from letter").query(Integer.class).single()).isOne();
	}

	@Test
	void whatFreezesInsideOfItsEffectIsEndedByTheDatabaseAndMadeByTheNextAttempt() {
		fleet.configure("defaults.first-retry-after", "10ms");
		fleet.jdbc.sql("create table letter (run text, fence bigint)").update();
		fleet.start(JobDefinition.of("send", (run) -> run.once(() -> {
			write(run);
			if (run.attempt() == 1) {
				// Longer than the database waits for the next statement.
				awaitFor(Duration.ofSeconds(4));
				write(run);
			}
		}))).jobs().schedule("send", "a", null);
		await().until(() -> !fleet.runs("send", RunState.SUCCEEDED).isEmpty());
		assertThat(fleet.runs("send", RunState.FAILED)).hasSize(1);
		assertThat(fleet.jdbc.sql("select fence from letter").query(Long.class).list())
			.containsExactly(fleet.runs("send").get(0).fence());
	}

	@Test
	void whatIsMakingItsEffectIsCancelledAtOnceAndTakenOverOnlyAfterwards() throws Exception {
		Jobs jobs = fleet.start(JobDefinition.of("send", (run) -> run.once(() -> {
			// The database ends an effect that pauses.
			while (release.getCount() > 0) {
				fleet.jdbc.sql("select pg_sleep(0.1)").query((row) -> {
				});
			}
		}))).jobs();
		jobs.schedule("send", "a", null);
		await().until(() -> fleet.jdbc.sql("select count(*) from pg_locks where relation = 'job_effect'::regclass")
			.query(Integer.class)
			.single() > 0);
		CompletableFuture.runAsync(() -> jobs.cancel("send", "a")).get(1, TimeUnit.MINUTES);
		long version = fleet.jdbc.sql("select version from job_queue where task_name = 'send'")
			.query(Long.class)
			.single();
		CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> new RunQueue(fleet.jdbc)
			.end(new Taken("send", "a", version), RunState.ABANDONED, "for the test"));
		await().until(() -> fleet.jdbc.sql("select count(*) from pg_locks where not granted")
			.query(Integer.class)
			.single() > 0);
		assertThat(fleet.runs("send", RunState.RUNNING)).hasSize(1);
		release.countDown();
		assertThat(other.get(1, TimeUnit.MINUTES)).isTrue();
		assertThat(fleet.jdbc.sql("select count(*) from job_effect").query(Integer.class).single()).isOne();
	}

	@Test
	void anEffectThatFailsIsNotClaimed() {
		fleet.configure("defaults.first-retry-after", "10ms");
		fleet.start(JobDefinition.of("send", (run) -> run.once(() -> {
			if (run.attempt() == 1) {
				throw new IllegalStateException("half way");
			}
		}))).jobs().schedule("send", "a", null);
		await().until(() -> !fleet.runs("send", RunState.SUCCEEDED).isEmpty());
		assertThat(fleet.jdbc.sql("select count(*) from job_effect").query(Integer.class).single()).isOne();
	}

	@Test
	void whatWaitsForABreakerDoesNotFail() {
		AtomicInteger tries = new AtomicInteger();
		Jobs jobs = fleet.start(JobDefinition.of("call", (run) -> {
			if (tries.incrementAndGet() <= 2) {
				throw new IllegalStateException("no answer", new NotTried());
			}
		})).jobs();
		jobs.schedule("call", "a", null);
		await().until(() -> fleet.runs("call").get(0).state() == RunState.WAITING && tries.get() == 1);
		assertThat(fleet.runs("call").get(0).reason()).contains("waits until it may call").contains("no answer");
		await().until(() -> !fleet.runs("call", RunState.SUCCEEDED).isEmpty());
		assertThat(fleet.runs("call")).hasSize(1).allSatisfy((run) -> assertThat(run.attempt()).isOne());
	}

	@Test
	void runsAreCancelledPausedAndMadeByHand() {
		Jobs jobs = fleet.start(blocks("slow"), JobDefinition.of("tick", (run) -> {
		}).cron(EACH_SECOND, ZoneOffset.UTC)).jobs();
		jobs.schedule("slow", "running", null);
		jobs.schedule("slow", "later", null, Instant.parse("2999-01-01T00:00:00Z"), 0);
		await().until(() -> !fleet.runs("slow", RunState.RUNNING).isEmpty());
		jobs.cancel("slow", "running");
		jobs.cancel("slow", "later");
		await().until(() -> fleet.history.open("slow").isEmpty());
		assertThat(fleet.runs("slow")).extracting(Run::state).containsExactly(RunState.SKIPPED, RunState.FAILED);
		assertThatIllegalArgumentException().isThrownBy(() -> jobs.cancel("slow", "running"));
		jobs.schedule("tick", "later", null, Instant.parse("2999-01-01T00:00:00Z"), 0);
		jobs.pause("tick");
		await().until(() -> fleet.runs("tick", RunState.SKIPPED).stream().anyMatch((run) -> run.ticks() >= 2));
		assertThat(jobs.view("tick").paused()).isTrue();
		String key = jobs.runNow("tick");
		await().until(() -> fleet.runs("tick", RunState.SUCCEEDED).stream().anyMatch((run) -> run.key().equals(key)));
		jobs.resume("tick");
		Instant resumed = Objects.requireNonNull(jobs.view("tick").last()).due();
		await()
			.until(() -> fleet.runs("tick", RunState.SUCCEEDED).stream().anyMatch((run) -> run.due().isAfter(resumed)));
		assertThat(fleet.history.open("tick", "later")).isPresent();
	}

	@Test
	void aScheduleChangesWhileItRuns() {
		JobDefinition tick = JobDefinition.of("tick", (run) -> {
		}).cron("0 0 0 1 1 *", ZoneOffset.UTC);
		Jobs jobs = fleet.start(tick).jobs();
		assertThat(Objects.requireNonNull(jobs.view("tick").next()).toString()).contains("-01-01T00:00:00Z");
		fleet.configure("jobs.tick.cron", EACH_SECOND);
		await().until(() -> !fleet.runs("tick", RunState.SUCCEEDED).isEmpty());
		fleet.configure("jobs.tick.cron", EACH_SECOND, "jobs.tick.enabled", "false");
		await().until(() -> !fleet.runs("tick", RunState.SKIPPED).isEmpty());
		assertThat(fleet.runs("tick", RunState.SKIPPED).get(0).reason()).isEqualTo("switched off");
	}

	@Test
	void anInstanceThatDoesNotKnowAJobLeavesItToOthers() {
		fleet.start();
		fleet.start(JobDefinition.of("new", (run) -> {
		})).jobs().schedule("new", "a", null);
		await().until(() -> !fleet.runs("new", RunState.SUCCEEDED).isEmpty());
		assertThat(fleet.runs("new").get(0).instance()).isEqualTo("instance-2");
	}

	@Test
	void anInstanceThatStopsHandsOverWhatItHas() {
		JobDefinition send = JobDefinition.of("send", (run) -> {
			if (run.attempt() == 1) {
				// Like a statement, heeds no interruption.
				Context.current().addListener((call) -> release.countDown(), Runnable::run);
				awaitRelease();
				throw new IllegalStateException("the call is over");
			}
		});
		JobScheduler first = fleet.start(send);
		first.jobs().schedule("send", "a", null);
		await().until(() -> !fleet.runs("send", RunState.RUNNING).isEmpty());
		fleet.start(send);
		first.close();
		await().until(() -> !fleet.runs("send", RunState.SUCCEEDED).isEmpty());
		assertThat(fleet.runs("send", RunState.ABANDONED)).hasSize(1)
			.allSatisfy((run) -> assertThat(run.reason()).contains("the instance was stopped"));
	}

	@Test
	void whatEndedLongAgoIsForgottenButNotWhatIsOpen() {
		Jobs jobs = fleet.start(JobDefinition.of("send", (run) -> run.once(() -> {
		})), blocks("slow")).jobs();
		jobs.schedule("send", "a", null);
		jobs.schedule("slow", "a", null);
		await().until(() -> !fleet.runs("send", RunState.SUCCEEDED).isEmpty()
				&& !fleet.runs("slow", RunState.RUNNING).isEmpty());
		fleet.history.forget(Duration.ofHours(1));
		assertThat(fleet.runs("send")).hasSize(1);
		// With an attempt of an hour ago, the run is as old as its last one.
		fleet.jdbc.sql("""
				insert into job_run (job, key, attempt, due, last_due, state, ended)
				select job, key, 0, due, due, 'failed', ended - interval '2 hours' from job_run where job = 'send'""")
			.update();
		fleet.history.forget(Duration.ofHours(1));
		assertThat(fleet.runs("send")).hasSize(2);
		fleet.history.forget(Duration.ZERO);
		assertThat(fleet.runs("send")).isEmpty();
		assertThat(fleet.jdbc.sql("select count(*) from job_effect").query(Integer.class).single()).isZero();
		assertThat(fleet.runs("slow")).hasSize(1);
	}

	private void awaitRelease() {
		boolean interrupted = false;
		while (release.getCount() > 0) {
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void awaitFor(Duration time) {
		try {
			var unused = release.await(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private JobDefinition blocks(String name) {
		return JobDefinition.of(name, (run) -> release.await());
	}

	// As after an outage of so many seconds.
	private void back(String job, int seconds) {
		fleet.jdbc.sql("""
				update job_queue set execution_time = execution_time - make_interval(secs => :seconds)
				where task_name = :task""").param("seconds", seconds).param("task", "schedule:" + job).update();
		fleet.jdbc.sql("delete from job_run").update();
	}

	private void assertGapless(String job) {
		List<Run> runs = new ArrayList<>(fleet.runs(job));
		Collections.reverse(runs);
		for (int i = 1; i < runs.size(); i++) {
			assertThat(runs.get(i).due()).isEqualTo(runs.get(i - 1).lastDue().plusSeconds(1));
		}
	}

	private void write(JobRun run) {
		fleet.jdbc.sql("insert into letter (run, fence) values (:run, :fence)")
			.param("run", run.key())
			.param("fence", run.fence())
			.update();
	}

	private static final class NotTried extends RuntimeException implements WorthWaiting {

	}

}
