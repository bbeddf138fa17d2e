package com.example.benchmarks.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.example.benchmarks.Rounds;
import com.example.benchmarks.Rounds.Figures;
import com.example.launcher.postgres.Database;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.Folders;
import com.example.launcher.process.FreePorts;
import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobListener;
import com.example.platform.scheduling.job.JobScheduler;
import com.example.platform.scheduling.job.SchedulingSettings;
import com.example.platform.scheduling.queue.QueueConnections;
import com.example.platform.scheduling.queue.Tables;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.netty.util.HashedWheelTimer;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * How many short jobs an instance runs in a second, beside db-scheduler as it comes, and
 * how late runs begin that are due one after the other. Both use the same PostgreSQL,
 * threads, connections and poll interval; ours keeps a history and fences.
 */
public final class JobThroughput {

	private static final int THREADS = 10;

	private static final int CONNECTIONS = 4;

	private static final Duration POLL = Duration.ofMillis(100);

	private static final int DELAYED = 400;

	private static final int DELAYED_PER_SECOND = 20;

	private static final Duration WHEEL_TICK = Duration.ofMillis(10);

	private final Database database;

	private final HikariDataSource service;

	private final JdbcClient jdbc;

	private final int rounds;

	private final int runs;

	private JobThroughput(Database database, int rounds, int runs) {
		this.database = database;
		this.service = pool(8);
		this.jdbc = JdbcClient.create(service);
		this.rounds = rounds;
		this.runs = runs;
	}

	/**
	 * Measures.
	 * @param arguments number of rounds, 5 by default, and of runs in each, 10,000 by
	 * default
	 */
	public static void main(String[] arguments) throws Exception {
		int rounds = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 5;
		int runs = (arguments.length > 1) ? Integer.parseInt(arguments[1]) : 10_000;
		Path folder = Files.createTempDirectory("bench-jobs");
		try (PostgresServer server = PostgresServer.startVolatile(folder, new FreePorts(new Random()).next(),
				folder.resolve("postgres.log"))) {
			new JobThroughput(server.awaitReady().database("jobs"), rounds, runs).measure();
		}
		finally {
			Folders.delete(folder);
		}
		System.exit(0);
	}

	private void measure() throws Exception {
		Tables.migrate(service);
		jdbc.sql("create table scheduled_tasks (like job_queue including all)").update();
		double[][][] measured = Rounds.measure(1, rounds, this::ours, this::plain);
		Figures figures = Figures.of(measured[0], measured[1], 0);
		System.out.printf("%,d runs of a job that does nothing, %d threads, median of %d rounds:%n", runs, THREADS,
				rounds);
		System.out.printf("  db-scheduler        %,8.0f runs/s%n", figures.peer());
		System.out.printf("  starters/scheduling %,8.0f runs/s (%.2f of it), with history and fence%n", figures.own(),
				figures.ratio());
		delays();
		wheelDelays();
		service.close();
	}

	private double[] plain() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(runs);
		OneTimeTask<Void> task = Tasks.oneTime("work").execute((instance, context) -> done.countDown());
		jdbc.sql("""
				insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)
				select 'work', i::text, now(), false, 1, 0 from generate_series(1, :runs) i""")
			.param("runs", runs)
			.update();
		jdbc.sql("vacuum analyze scheduled_tasks").update();
		try (HikariDataSource own = pool(CONNECTIONS)) {
			Scheduler scheduler = Scheduler.create(own, task)
				.threads(THREADS)
				.pollingInterval(POLL)
				.pollUsingLockAndFetch(0.5, 1)
				.enablePriority()
				.build();
			double perSecond = perSecond(scheduler::start, done);
			scheduler.stop();
			return new double[] { perSecond };
		}
	}

	private double[] ours() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(runs);
		schedule(runs, Duration.ZERO);
		JobScheduler scheduler = scheduler();
		double perSecond = perSecond(
				() -> scheduler.start(List.of(JobDefinition.of("work", (run) -> done.countDown()))), done);
		scheduler.close();
		return new double[] { perSecond };
	}

	private void schedule(int number, Duration apart) {
		jdbc.sql("truncate job_run, job_queue").update();
		jdbc.sql("""
				with added as (
				  insert into job_run (job, key, attempt, due, last_due, state)
				  select 'work', i::text, 1, t, t, 'waiting' from generate_series(1, :runs) i,
				    lateral (select now() + make_interval(secs => :begin + i * :apart) as t) due
				  returning key, due)
				insert into job_queue (task_name, task_instance, execution_time, picked, version, priority)
				select 'work', key, due, false, 1, 0 from added""")
			.param("runs", number)
			.param("begin", apart.isZero() ? 0.0 : 3.0)
			.param("apart", apart.toMillis() / 1000.0)
			.update();
		jdbc.sql("vacuum analyze job_queue, job_run").update();
	}

	private double perSecond(Runnable start, CountDownLatch done) throws InterruptedException {
		long begin = System.nanoTime();
		start.run();
		if (!done.await(5, TimeUnit.MINUTES)) {
			throw new IllegalStateException(done.getCount() + " runs were not made within 5 minutes");
		}
		return 1e9 * runs / (System.nanoTime() - begin);
	}

	private void delays() throws InterruptedException {
		schedule(DELAYED, Duration.ofSeconds(1).dividedBy(DELAYED_PER_SECOND));
		CountDownLatch done = new CountDownLatch(DELAYED);
		List<JobScheduler> instances = List.of(scheduler(), scheduler(), scheduler());
		instances.forEach((instance) -> instance.start(List.of(JobDefinition.of("work", (run) -> done.countDown()))));
		done.await();
		instances.forEach(JobScheduler::close);
		print("starters/scheduling on 3 instances",
				jdbc.sql("select extract(epoch from started - due) * 1000 from job_run").query(Double.class).list());
	}

	// What a wheel in memory does, which knows nothing of other instances.
	private static void wheelDelays() throws InterruptedException {
		List<Double> late = new CopyOnWriteArrayList<>();
		CountDownLatch done = new CountDownLatch(DELAYED);
		HashedWheelTimer wheel = new HashedWheelTimer(WHEEL_TICK.toMillis(), TimeUnit.MILLISECONDS);
		long begin = System.nanoTime();
		for (int i = 1; i <= DELAYED; i++) {
			long due = TimeUnit.SECONDS.toNanos(i) / DELAYED_PER_SECOND;
			wheel.newTimeout((timeout) -> {
				late.add((System.nanoTime() - begin - due) / 1e6);
				done.countDown();
			}, due, TimeUnit.NANOSECONDS);
		}
		done.await();
		wheel.stop();
		print("a wheel with ticks of " + WHEEL_TICK.toMillis() + " ms in one process", late);
	}

	private static void print(String what, List<Double> late) {
		double[] sorted = late.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		System.out.printf("due to started at %d runs/s, %s: p50 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
				DELAYED_PER_SECOND, what, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100],
				sorted[sorted.length - 1]);
	}

	private JobScheduler scheduler() {
		SchedulingSettings settings = new Binder(
				new MapConfigurationPropertySource(Map.of("platform.scheduling.threads", THREADS)))
			.bindOrCreate("platform.scheduling", SchedulingSettings.class);
		return new JobScheduler("bench-" + System.nanoTime(), () -> settings, QueueConnections.open(service), jdbc,
				new JdbcTransactionManager(service), JobListener.NONE);
	}

	private HikariDataSource pool(int size) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(database.url());
		pool.setUsername(database.username());
		pool.setPassword(database.password());
		pool.setMaximumPoolSize(size);
		return pool;
	}

}
