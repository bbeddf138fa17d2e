package com.example.platform.scheduling.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.postgres.Database;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.ProcessIdentity.Signal;
import com.example.platform.scheduling.faults.HistoryChecker.Act;
import com.example.platform.scheduling.faults.HistoryChecker.Effect;
import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunHistory;
import com.example.platform.scheduling.queue.RunState;
import com.example.platform.scheduling.queue.Tables;
import com.example.platform.test.TestServers;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three instances, jobs each second, and faults drawn from a seed. The checker decides
 * from the recorded histories. {@code -Dscheduling.full=true} draws 1,000 faults instead
 * of 60, and keeps Consul away for 30 s at the end instead of 4 s;
 * {@code -Dscheduling.seed=N} the same ones again.
 */
class SchedulingFaultsIntegrationTests {

	private static final int INSTANCES = 3;

	private static final boolean FULL = Boolean.getBoolean("scheduling.full");

	private static final int FAULTS = FULL ? 1000 : 60;

	private static final int LONE_KILLS = FULL ? 20 : 2;

	private static final long SEED = Long.getLong("scheduling.seed", 20261130);

	private static final Duration CONSUL_AWAY = Duration.ofSeconds(FULL ? 30 : 4);

	// On a machine that does other things too; by itself it is less than 3 s.
	private static final Duration LONGEST_TAKE_OVER = Duration.ofSeconds(10);

	private static final String SERVER = "server";

	private static final Duration BETWEEN_FAULTS = Duration.ofMillis(700);

	// Of Debian's package faketime; without it all clocks are right.
	private static final List<Path> FAKETIME = Stream.of("x86_64", "aarch64")
		.map((machine) -> Path.of("/usr/lib/" + machine + "-linux-gnu/faketime/libfaketimeMT.so.1"))
		.filter(Files::exists)
		.toList();

	private final Random random = new Random(SEED);

	private final CountDownLatch never = new CountDownLatch(1);

	private final Map<String, Process> instances = new TreeMap<>();

	// Who is in the middle of a fault, and what ends it, when.
	private final PriorityQueue<Repair> repairs = new PriorityQueue<>(Comparator.comparingLong(Repair::at));

	private final Map<String, Integer> drawn = new TreeMap<>();

	private final List<Long> consulRestarts = new ArrayList<>();

	// Those whose transactions were committed.
	private final Set<String> letters = new HashSet<>();

	private final Map<String, Instant> killed = new HashMap<>();

	private final List<Duration> takeOvers = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path folder;

	private final int consulPort = TestServers.freePort();

	private final int postgresPort = TestServers.freePort();

	private ConsulAgent consul = TestServers.newConsul(consulPort);

	@SuppressWarnings("NullAway.Init") // set at the start
	private PostgresServer postgres;

	@SuppressWarnings("NullAway.Init") // set at the start
	private Database database;

	@AfterEach
	void stop() {
		instances.values().forEach(Process::destroyForcibly);
		consul.process().send(Signal.CONT);
		consul.close();
		postgres.close();
	}

	@Test
	void nothingHappensTwiceAndNothingIsMissedUnrecorded() {
		postgres = startPostgres();
		database = postgres.database("faults");
		JdbcClient jdbc = JdbcClient
			.create(new DriverManagerDataSource(database.url(), database.username(), database.password()));
		migrate(jdbc);
		for (int i = 1; i <= INSTANCES; i++) {
			start("instance-" + i, false);
		}
		RunHistory history = new RunHistory(jdbc);
		await().atMost(Duration.ofSeconds(30))
			.until(() -> Stream.of("tick", "slow")
				.allMatch(
						(job) -> history.latest(job, 5).stream().anyMatch((run) -> run.state() == RunState.SUCCEEDED)));
		Instant from = databaseTime();
		List<Duration> lone = IntStream.range(0, LONE_KILLS).mapToObj((kill) -> killAlone(history)).sorted().toList();
		System.out.printf("scheduling: taken over after kill -9 with nothing else wrong, %d times: %s%n", LONE_KILLS,
				lone);
		assertThat(lone).last(InstanceOfAssertFactories.DURATION).isLessThan(LONGEST_TAKE_OVER);
		for (int fault = 0; fault < FAULTS; fault++) {
			if (postgres.process().isAlive()) {
				send(jdbc, fault);
			}
			drawFault();
			pass(BETWEEN_FAULTS);
		}
		while (!repairs.isEmpty()) {
			pass(BETWEEN_FAULTS);
		}
		consulIsAway();
		jdbc.sql("insert into job_pause (job) values ('tick'), ('slow')").update();
		Instant until = databaseTime();
		await().atMost(Duration.ofSeconds(90))
			.until(() -> Stream.of("tick", "slow", "send").allMatch((job) -> history.open(job).isEmpty()));
		// What is not planned within a minute, is not planned by anybody: see the
		// checker.
		for (int i = 0; i < 600 && !isPlanned(history, until); i++) {
			pass(Duration.ofMillis(100));
		}
		check(jdbc, history, from, until);
	}

	// From the death of an instance to the next attempt of what it was running then.
	private Duration killAlone(RunHistory history) {
		String instance = Objects
			.requireNonNull(await().until(() -> running(history), Optional::isPresent).orElseThrow().instance());
		Instant kill = databaseTime();
		Objects.requireNonNull(instances.get(instance)).destroyForcibly().onExit().join();
		Optional<Run> lost = running(history).filter((run) -> instance.equals(run.instance()));
		Optional<Instant> next = lost.flatMap((run) -> await().atMost(Duration.ofSeconds(30))
			.until(() -> nextAttempt(history.latest("slow", 10), run), Optional::isPresent));
		start(instance, false);
		// It may have ended just before.
		return next.map((start) -> Duration.between(kill, start)).orElseGet(() -> killAlone(history));
	}

	// The first attempt at something, which others follow.
	private static Optional<Run> running(RunHistory history) {
		return history.latest("slow", 3)
			.stream()
			.filter((run) -> run.state() == RunState.RUNNING && run.attempt() == 1)
			.findFirst();
	}

	private static Optional<Instant> nextAttempt(List<Run> runs, Run lost) {
		return runs.stream()
			.filter((run) -> run.key().equals(lost.key()) && run.attempt() == lost.attempt() + 1)
			.map(Run::started)
			.filter(Objects::nonNull)
			.findFirst();
	}

	private void check(JdbcClient jdbc, RunHistory history, Instant from, Instant until) {
		List<String> flaws = new ArrayList<>();
		Map<String, Map<RunState, Long>> states = new TreeMap<>();
		for (String job : List.of("tick", "slow", "send")) {
			List<Run> runs = history.latest(job, 1_000_000);
			List<Effect> effects = jdbc.sql("select key, fence from effect where job = :job")
				.param("job", job)
				.query((row, number) -> new Effect(row.getString("key"), row.getLong("fence")))
				.list();
			flaws.addAll(HistoryChecker.effects(runs, effects));
			if (!job.equals("send")) {
				flaws.addAll(HistoryChecker.ticks(runs, from, until, Duration.ofSeconds(1), Duration.ofSeconds(60)));
			}
			if (job.equals("slow")) {
				flaws.addAll(HistoryChecker.overlaps(runs));
			}
			Map<RunState, Long> ofJob = new TreeMap<>();
			runs.forEach((run) -> ofJob.merge(run.state(), run.ticks(), Long::sum));
			states.put(job, ofJob);
			runs.stream().filter((run) -> run.state() == RunState.ABANDONED).forEach((run) -> takeOver(runs, run));
		}
		Set<String> recorded = history.latest("send", 1_000_000).stream().map(Run::key).collect(Collectors.toSet());
		letters.stream()
			.filter((letter) -> !recorded.contains(letter))
			.forEach((letter) -> flaws.add(letter + " is lost"));
		List<Act> acts = acts();
		flaws.addAll(HistoryChecker.terms(acts, consulRestarts));
		long terms = acts.stream().map((act) -> act.candidate() + act.number()).distinct().count();
		takeOvers.sort(Comparator.naturalOrder());
		System.out.printf("scheduling under faults: seed %d, %d faults %s%n", SEED, FAULTS, drawn);
		System.out.printf("scheduling under faults: attempts and skipped ticks %s, %d effects, %d flaws%n", states,
				jdbc.sql("select count(*) from effect").query(Integer.class).single(), flaws.size());
		System.out.printf(
				"scheduling under faults: taken over after kill -9 %d times: half within %s, all within %s; %d terms%n",
				takeOvers.size(), takeOvers.isEmpty() ? "-" : takeOvers.get(takeOvers.size() / 2),
				takeOvers.isEmpty() ? "-" : takeOvers.get(takeOvers.size() - 1), terms);
		assertThat(flaws).isEmpty();
	}

	private void takeOver(List<Run> runs, Run abandoned) {
		Instant kill = killed.get(abandoned.instance() + " " + abandoned.fence());
		if (kill != null) {
			nextAttempt(runs, abandoned).ifPresent((next) -> takeOvers.add(Duration.between(kill, next)));
		}
	}

	private List<Act> acts() {
		List<Act> acts = new ArrayList<>();
		for (String name : instances.keySet()) {
			Path file = account(name);
			try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
				lines.map((line) -> line.split(" "))
					// The last line of one that was killed may be half a line.
					.filter((words) -> words.length == 3 && !words[2].isEmpty())
					.forEach(
							(words) -> acts.add(new Act(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]))));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return acts;
	}

	private void drawFault() {
		Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
		// One instance at least is well, and one server fails at a time.
		while (fault.isOfServer() ? isFaulty(SERVER) : well().size() == 1) {
			pass(Duration.ofMillis(100));
		}
		int millis = 1200 + random.nextInt(2400);
		drawn.merge((fault == Fault.CLOCK_IS_WRONG && FAKETIME.isEmpty()) ? "KILL, for want of faketime" : fault.name(),
				1, Integer::sum);
		String name = fault.isOfServer() ? SERVER : well().get(random.nextInt(well().size()));
		begin(fault, name, millis);
	}

	// Nobody leads, who led says so, jobs go on, and somebody leads again.
	private void consulIsAway() {
		await().atMost(Duration.ofSeconds(30)).until(() -> leadsSince(System.nanoTime() - BETWEEN_FAULTS.toNanos()));
		long lostBefore = lostLeadership();
		consul.process().send(Signal.STOP);
		// By then, a leader has found that it may lead no more.
		pass(Duration.ofSeconds(2));
		long without = System.nanoTime();
		Instant withoutConsul = databaseTime();
		pass(CONSUL_AWAY);
		assertThat(leadsSince(without)).isFalse();
		assertThat(lostLeadership()).isGreaterThan(lostBefore);
		assertThat(new RunHistory(jdbc()).latest("tick", 10)).as("jobs that need no Consul")
			.anyMatch((run) -> run.state() == RunState.SUCCEEDED && run.due().isAfter(withoutConsul));
		long back = System.nanoTime();
		consul.process().send(Signal.CONT);
		await().atMost(Duration.ofSeconds(30)).until(() -> leadsSince(back));
	}

	/** How often instances have said so. */
	private long lostLeadership() {
		return instances.keySet().stream().flatMap((name) -> {
			try {
				return Files.readAllLines(folder.resolve(name + ".log")).stream();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}).filter((line) -> line.contains(FaultInstance.LEADERSHIP + "' is lost")).count();
	}

	private boolean leadsSince(long time) {
		return acts().stream().anyMatch((act) -> act.nanoTime() > time);
	}

	private static boolean isPlanned(RunHistory history, Instant until) {
		return Stream.of("tick", "slow").allMatch((job) -> history.latest(job, 1).get(0).lastDue().isAfter(until));
	}

	private List<String> well() {
		return instances.keySet().stream().filter((name) -> !isFaulty(name)).toList();
	}

	private boolean isFaulty(String name) {
		return repairs.stream().anyMatch((repair) -> repair.of.equals(name));
	}

	private void begin(Fault fault, String name, int millis) {
		switch (fault) {
			case KILL -> {
				kill(name);
				repair(name, millis, () -> start(name, false));
			}
			case FREEZE -> {
				ProcessIdentity process = ProcessIdentity.of(Objects.requireNonNull(instances.get(name)).toHandle());
				process.send(Signal.STOP);
				repair(name, 1200 + millis, () -> process.send(Signal.CONT));
			}
			case CLOCK_IS_WRONG -> {
				kill(name);
				repair(name, 100, () -> start(name, true));
			}
			case CONSUL_HANGS -> {
				consul.process().send(Signal.STOP);
				repair(name, millis, () -> consul.process().send(Signal.CONT));
			}
			case CONSUL_IS_EMPTY -> {
				consul.close();
				// Back within a second, it could not know of holders who still count on
				// it.
				repair(name, millis, () -> {
					consulRestarts.add(System.nanoTime());
					consul = TestServers.newConsul(consulPort);
				});
			}
			case POSTGRES_RESTARTS -> {
				postgres.close();
				repair(name, millis / 2, () -> postgres = startPostgres());
			}
		}
	}

	private void repair(String of, int afterMillis, Runnable task) {
		repairs.add(new Repair(of, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(afterMillis), task));
	}

	private void kill(String name) {
		Instant now = postgres.process().isAlive() ? databaseTime() : Instant.MAX;
		Objects.requireNonNull(instances.get(name)).destroyForcibly();
		if (now.isBefore(Instant.MAX)) {
			jdbc().sql("select instance, fence from job_run where state = 'running' and instance = :name")
				.param("name", name)
				.query((row, number) -> row.getString("instance") + " " + row.getLong("fence"))
				.list()
				.forEach((run) -> killed.put(run, now));
		}
	}

	private JdbcClient jdbc() {
		return JdbcClient.create(new DriverManagerDataSource(database.url(), database.username(), database.password()));
	}

	private Instant databaseTime() {
		return jdbc().sql("select clock_timestamp()").query(OffsetDateTime.class).single().toInstant();
	}

	private void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			Repair next = repairs.peek();
			if (next != null && next.at <= System.nanoTime()) {
				repairs.remove();
				next.task.run();
				continue;
			}
			long wait = (next != null) ? Math.min(left, next.at - System.nanoTime()) : left;
			try {
				var unused = never.await(wait, TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	// As a service does in the transaction of a call.
	private void send(JdbcClient jdbc, int number) {
		try {
			jdbc.sql("""
					with added as (
					  insert into job_run (job, key, attempt, due, last_due, state)
					  values ('send', :key, 1, clock_timestamp(), clock_timestamp(), 'waiting') returning key)
					insert into job_queue (task_name, task_instance, execution_time, picked, version, priority)
					select 'send', key, clock_timestamp(), false, 1, 0 from added""")
				.param("key", "letter-" + number)
				.update();
			letters.add("letter-" + number);
		}
		catch (DataAccessException ex) {
			// Nothing was scheduled, or it was: the history tells.
		}
	}

	private void migrate(JdbcClient jdbc) {
		Tables.migrate(new DriverManagerDataSource(database.url(), database.username(), database.password()));
		jdbc.sql("create table effect (job text, key text, fence bigint, instance text)").update();
	}

	private PostgresServer startPostgres() {
		return PostgresServer.startVolatile(folder.resolve("postgres"), postgresPort, folder.resolve("postgres.log"))
			.awaitReady();
	}

	private Path account(String name) {
		return folder.resolve(name + ".account");
	}

	private void start(String name, boolean wrongClock) {
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				FaultInstance.class.getName(), name, database.url(), database.username(), database.password(),
				"http://127.0.0.1:" + consulPort, account(name).toString());
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), name + ".log")));
		if (wrongClock && !FAKETIME.isEmpty()) {
			builder.environment().put("LD_PRELOAD", FAKETIME.get(0).toString());
			builder.environment().put("FAKETIME", random.nextBoolean() ? "+5m" : "-5m");
			// Its timers are to go on as they are.
			builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
			builder.environment().put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
		}
		try {
			instances.put(name, builder.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private enum Fault {

		KILL, FREEZE, CLOCK_IS_WRONG, CONSUL_HANGS, CONSUL_IS_EMPTY, POSTGRES_RESTARTS;

		boolean isOfServer() {
			return Arrays.asList(CONSUL_HANGS, CONSUL_IS_EMPTY, POSTGRES_RESTARTS).contains(this);
		}

	}

	private record Repair(String of, long at, Runnable task) {
	}

}
