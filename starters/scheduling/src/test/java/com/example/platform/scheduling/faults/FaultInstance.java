package com.example.platform.scheduling.faults;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import com.example.platform.consul.Consul;
import com.example.platform.scheduling.job.Fleet;
import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobListener;
import com.example.platform.scheduling.job.JobRun;
import com.example.platform.scheduling.job.JobScheduler;
import com.example.platform.scheduling.job.SchedulingSettings;
import com.example.platform.scheduling.lock.Leadership;
import com.example.platform.scheduling.lock.LeadershipListener;
import com.example.platform.scheduling.lock.Term;
import com.example.platform.scheduling.lock.consul.ConsulLocks;
import com.example.platform.scheduling.queue.QueueConnections;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * One instance of a service in a process of its own: it runs jobs, and stands for
 * leadership. What it does as a leader, it writes down.
 */
final class FaultInstance {

	static final String LEADERSHIP = "faults";

	private static final Duration BETWEEN_ACTS = Duration.ofMillis(20);

	private FaultInstance() {
	}

	/**
	 * Runs until it is killed.
	 * @param arguments name, JDBC URL, user, password, address of Consul, file for the
	 * account
	 */
	public static void main(String[] arguments) throws IOException {
		HikariDataSource service = pool(arguments, 6);
		JdbcClient jdbc = JdbcClient.create(service);
		SchedulingSettings settings = Fleet.settings(Map.of("platform.scheduling.jobs.tick.catch-up", "each",
				"platform.scheduling.jobs.tick.overlap", "allow"));
		JobScheduler scheduler = new JobScheduler(arguments[0], () -> settings, QueueConnections.open(service), jdbc,
				new JdbcTransactionManager(service), JobListener.NONE);
		scheduler
			.start(List.of(JobDefinition.of("tick", (run) -> act(run, jdbc, 150)).cron("* * * * * *", ZoneOffset.UTC),
					JobDefinition.of("slow", (run) -> act(run, jdbc, 900)).cron("* * * * * *", ZoneOffset.UTC),
					JobDefinition.of("send", (run) -> act(run, jdbc, 100))));
		Leadership leadership = new Leadership(new ConsulLocks(new Consul(URI.create(arguments[4]), null), "faults"));
		leadership.lead(LEADERSHIP, new Account(arguments[0], Path.of(arguments[5])));
		// It ends with the test, however that ends.
		ProcessHandle.current().parent().orElseThrow().onExit().join();
		scheduler.close();
	}

	// Takes some time before and after, and sometimes fails there.
	private static void act(JobRun run, JdbcClient jdbc, int mostMillis) {
		pauseAndPerhapsFail(mostMillis);
		run.once(() -> {
			jdbc.sql("insert into effect (job, key, fence, instance) values (:job, :key, :fence, :instance)")
				.param("job", run.job())
				.param("key", run.key())
				.param("fence", run.fence())
				.param("instance", run.instance())
				.update();
			LockSupport.parkNanos(Duration.ofMillis(ThreadLocalRandom.current().nextInt(20)).toNanos());
		});
		pauseAndPerhapsFail(mostMillis);
	}

	private static void pauseAndPerhapsFail(int mostMillis) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		LockSupport.parkNanos(Duration.ofMillis(random.nextInt(mostMillis)).toNanos());
		if (random.nextInt(100) < 3) {
			throw new IllegalStateException("a planted failure");
		}
	}

	private static HikariDataSource pool(String[] arguments, int size) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(arguments[1]);
		pool.setUsername(arguments[2]);
		pool.setPassword(arguments[3]);
		pool.setMaximumPoolSize(size);
		pool.setMinimumIdle(1);
		pool.setConnectionTimeout(1000);
		return pool;
	}

	private record Account(String name, Path file) implements LeadershipListener {

		@Override
		public void gained(Term term) {
			Thread actor = new Thread(() -> act(term), "leader");
			actor.setDaemon(true);
			actor.start();
		}

		private void act(Term term) {
			try (BufferedWriter account = Files.newBufferedWriter(file, StandardOpenOption.CREATE,
					StandardOpenOption.APPEND)) {
				while (true) {
					long now = System.nanoTime();
					if (!term.isCurrent()) {
						return;
					}
					// It has looked, and acts at once.
					account.write(name + " " + term.number() + " " + now + "\n");
					account.flush();
					LockSupport.parkNanos(BETWEEN_ACTS.toNanos());
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void lost(Term term) {
			// The actor sees it by itself.
		}

	}

}
