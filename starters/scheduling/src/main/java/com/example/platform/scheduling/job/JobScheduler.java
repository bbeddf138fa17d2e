package com.example.platform.scheduling.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.example.platform.scheduling.queue.DatabaseClock;
import com.example.platform.scheduling.queue.OwnedExecutions;
import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.zaxxer.hikari.HikariDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The part of one instance in running the jobs of its service. It polls, picks, keeps
 * heartbeats and takes over by
 * <a href= "https://github.com/kagkarlsson/db-scheduler">db-scheduler</a>, over
 * connections of its own, so that a service that is short of connections is not taken for
 * dead.
 */
public final class JobScheduler implements AutoCloseable {

	private static final Log log = LogFactory.getLog(JobScheduler.class);

	// The fewest that db-scheduler accepts.
	private static final int MISSED_HEARTBEATS = 4;

	// Others may know a job that this instance does not.
	private static final Duration NEVER = Duration.ofDays(36_500);

	private static final Duration LOOK_FOR_CANCELLED = Duration.ofMillis(500);

	private static final Duration FORGET = Duration.ofMinutes(1);

	private static final Duration KEEP = Duration.ofSeconds(5);

	private static final Duration END_OF_RUNS = Duration.ofSeconds(5);

	private final Map<String, JobTasks> jobs = new ConcurrentSkipListMap<>();

	private final Cluster cluster;

	private final DatabaseClock clock;

	private final HikariDataSource connections;

	private final Supplier<SchedulingSettings> settings;

	private final ScheduledThreadPoolExecutor timer;

	// Asks no database, so that time limits hold whatever it does.
	private final ScheduledThreadPoolExecutor limits;

	private final JobListener listener;

	private final Jobs steering;

	private volatile @Nullable Scheduler scheduler;

	/**
	 * Creates a scheduler that runs nothing yet.
	 * @param instance the id of this instance, unique in the cluster
	 * @param settings how they run, at present
	 * @param connections connections of the scheduler's own, which it closes
	 * @param service the service's database
	 * @param transactions the service's transactions
	 * @param listener hears how runs go
	 */
	public JobScheduler(String instance, Supplier<SchedulingSettings> settings, HikariDataSource connections,
			JdbcClient service, PlatformTransactionManager transactions, JobListener listener) {
		this.settings = settings;
		this.connections = connections;
		this.clock = new DatabaseClock(connections);
		this.cluster = new Cluster(instance, clock, JdbcClient.create(connections),
				new TransactionTemplate(new DataSourceTransactionManager(connections)), service,
				new TransactionTemplate(transactions));
		CustomizableThreadFactory threads = new CustomizableThreadFactory("jobs-");
		threads.setDaemon(true);
		this.timer = new ScheduledThreadPoolExecutor(2, threads);
		this.limits = new ScheduledThreadPoolExecutor(1, threads);
		limits.setRemoveOnCancelPolicy(true);
		this.listener = listener;
		this.steering = new Jobs(jobs, cluster, this::hurry);
	}

	private void add(JobDefinition job) {
		Supplier<JobPolicy> policy = () -> settings.get().policy(job);
		JobTasks tasks = new JobTasks(policy, new RunTask(job, policy, cluster, limits, listener),
				new ScheduleTask(job.name(), policy, cluster, listener, this::hurry));
		if (jobs.put(job.name(), tasks) != null) {
			throw new IllegalStateException("There are two jobs named " + job.name() + ": rename one of them");
		}
		listener.known(job.name());
	}

	private Scheduler build() {
		SchedulingSettings present = settings.get();
		List<Task<?>> tasks = new ArrayList<>();
		jobs.values().forEach((job) -> tasks.addAll(List.of(job.run(), job.schedule())));
		return Scheduler.create(connections, tasks)
			.tableName("job_queue")
			.schedulerName(new SchedulerName.Fixed(cluster.instance()))
			.clock(clock)
			.threads(present.threads())
			.pollingInterval(present.pollInterval())
			.pollUsingLockAndFetch(0.5, 1)
			.heartbeatInterval(present.heartbeatInterval())
			.missedHeartbeatsLimit(MISSED_HEARTBEATS)
			.deleteUnresolvedAfter(NEVER)
			.enablePriority()
			.enableImmediateExecution()
			.shutdownMaxWait(END_OF_RUNS)
			.serializer(new NoData())
			.jdbcCustomization(new OwnedExecutions(tasks.stream().map(Task::getName).toList()))
			.addSchedulerListener(new StopLostRuns())
			.build();
	}

	/**
	 * Returns who this is.
	 * @return the id of this instance
	 */
	public String instance() {
		return cluster.instance();
	}

	/**
	 * Returns what schedules, shows and steers runs.
	 * @return usable also while this instance runs none
	 */
	public Jobs jobs() {
		return steering;
	}

	/**
	 * Makes jobs known, and begins to run them unless this instance is not to.
	 * @param definitions the jobs of the service
	 */
	public synchronized void start(List<JobDefinition> definitions) {
		definitions.forEach(this::add);
		every(LOOK_FOR_CANCELLED, this::look);
		every(FORGET, this::forget);
		every(KEEP, this::keep);
		resume();
	}

	/**
	 * Runs jobs again after {@link #stop()}, unless this instance is not to.
	 */
	public synchronized void resume() {
		if (!settings.get().enabled()) {
			return;
		}
		Scheduler built = build();
		// First, so that settings that change from now on are applied once more.
		scheduler = built;
		try {
			applySchedules();
		}
		catch (RuntimeException ex) {
			scheduler = null;
			throw ex;
		}
		built.start();
	}

	/**
	 * Does something again and again, until this is closed.
	 * @param pause between the end of one time and the next
	 * @param task what to do; that it fails is logged
	 */
	public void every(Duration pause, Runnable task) {
		var unused = timer.scheduleWithFixedDelay(() -> logged(task), pause.toMillis(), pause.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	/**
	 * Takes over schedules that have changed, a moment later.
	 */
	public void settingsChanged() {
		if (scheduler != null) {
			timer.execute(this::applyUntilDone);
		}
	}

	// An instance that plans by another schedule than that of the row leaves it alone.
	private void applyUntilDone() {
		try {
			applySchedules();
		}
		catch (RuntimeException ex) {
			log.warn("The database does not take the schedules of jobs; asking again: " + ex.getMessage());
			var unused = timer.schedule(this::applyUntilDone, 1, TimeUnit.SECONDS);
		}
	}

	private void applySchedules() {
		Set<String> unknown = new TreeSet<>(settings.get().jobs().keySet());
		unknown.removeAll(jobs.keySet());
		if (!unknown.isEmpty()) {
			log.warn("platform.scheduling.jobs has keys of jobs that this service does not have: " + unknown
					+ ". It has: " + jobs.keySet());
		}
		jobs.values().forEach((job) -> job.schedule().apply());
	}

	private void hurry() {
		Scheduler running = scheduler;
		if (running != null) {
			running.triggerCheckForDueExecutions();
		}
	}

	private void look() {
		clock.adjust();
		if (jobs.values().stream().anyMatch((job) -> job.run().underWay() > 0)) {
			cluster.history()
				.cancelled(cluster.instance())
				.forEach((run) -> ifKnown(run.job(), (task) -> task.cancel(run)));
		}
	}

	private void keep() {
		if (scheduler != null) {
			jobs.values().forEach((job) -> job.schedule().keep());
		}
	}

	private void forget() {
		if (scheduler != null) {
			cluster.history().forget(settings.get().keepHistory());
		}
	}

	private void ifKnown(String job, Consumer<RunTask> action) {
		JobTasks tasks = jobs.get(job);
		if (tasks != null) {
			action.accept(tasks.run());
		}
	}

	private static void logged(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			log.warn("The database does not answer about jobs; asking again: " + ex.getMessage());
		}
	}

	/**
	 * Ends what runs here: no further run is begun, those under way have 5 s, then they
	 * are interrupted and go on elsewhere.
	 */
	public synchronized void stop() {
		Scheduler running = scheduler;
		if (running != null) {
			// An interruption, which follows by then, is nothing to a statement.
			Future<?> late = limits.schedule(() -> jobs.values().forEach((job) -> job.run().endCalls()),
					END_OF_RUNS.toMillis(), TimeUnit.MILLISECONDS);
			running.stop();
			late.cancel(false);
			scheduler = null;
		}
	}

	/**
	 * Does the same as {@link #stop()}, for ever.
	 */
	@Override
	public synchronized void close() {
		stop();
		timer.shutdownNow();
		limits.shutdownNow();
		connections.close();
	}

	/**
	 * Interrupts runs that another instance has taken over, or may have.
	 */
	private final class StopLostRuns extends AbstractSchedulerListener {

		@Override
		public void onExecutionFailedHeartbeat(CurrentlyExecuting run) {
			Execution taken = run.getExecution();
			if (isLost(taken, run.getHeartbeatState().getFractionDead())) {
				ifKnown(taken.getTaskName(), (task) -> task.lose(taken));
			}
		}

		private boolean isLost(Execution taken, double fractionDead) {
			try {
				return cluster.own()
					.sql("select 1 from job_queue where task_name = :job and task_instance = :key and version = :version")
					.param("job", taken.getTaskName())
					.param("key", taken.getId())
					.param("version", taken.version)
					.query(Integer.class)
					.optional()
					.isEmpty();
			}
			catch (RuntimeException ex) {
				return fractionDead >= 1;
			}
		}

	}

	/**
	 * Rows of the queue have no data for db-scheduler.
	 */
	private static final class NoData implements Serializer {

		@Override
		@SuppressWarnings("NullAway") // db-scheduler knows no data as null
		public byte[] serialize(@Nullable Object data) {
			return null;
		}

		@Override
		@SuppressWarnings("NullAway") // the same
		public <T> T deserialize(Class<T> type, byte[] data) {
			return null;
		}

	}

}
