package com.example.platform.scheduling.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunHistory;
import com.example.platform.scheduling.queue.RunQueue;
import com.example.platform.scheduling.queue.RunQueue.Order;
import com.example.platform.scheduling.queue.RunState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Schedules runs, and shows and steers the jobs of this service, for all of its instances
 * whichever is asked. What is changed is part of the caller's transaction, if there is
 * one. Thread-safe.
 */
public final class Jobs {

	private static final JsonMapper JSON = new JsonMapper();

	private static final int LONGEST_KEY = 200;

	// Below that of schedules, whose ticks come first.
	private static final int GREATEST_PRIORITY = 99;

	private static final int LEAST_PRIORITY = -GREATEST_PRIORITY;

	private final Map<String, JobTasks> jobs;

	private final Cluster cluster;

	private final Runnable hurry;

	Jobs(Map<String, JobTasks> jobs, Cluster cluster, Runnable hurry) {
		this.jobs = jobs;
		this.cluster = cluster;
		this.hurry = hurry;
	}

	/**
	 * Schedules a run of a job, to begin at once.
	 * @param job name of the job
	 * @param key names the run: the second of the same name is none, as long as the
	 * history goes back
	 * @param payload what the run is given, as JSON; {@code null} for nothing
	 * @return whether it is a new run
	 * @throws IllegalArgumentException if there is no such job, or the key is empty or
	 * longer than 200 characters
	 */
	public boolean schedule(String job, String key, @Nullable Object payload) {
		return schedule(job, key, payload, cluster.now(), 0);
	}

	/**
	 * Schedules a run of a job.
	 * @param job name of the job
	 * @param key names the run: the second of the same name is none, as long as the
	 * history goes back
	 * @param payload what the run is given, as JSON; {@code null} for nothing
	 * @param due when it is to begin, by the clock of the database
	 * @param priority the greater, the sooner of all that is due: from -99 to 99, 0 is
	 * usual
	 * @return whether it is a new run
	 * @throws IllegalArgumentException if there is no such job, or the key is empty or
	 * longer than 200 characters
	 */
	public boolean schedule(String job, String key, @Nullable Object payload, Instant due, int priority) {
		return schedule(job, key, due,
				new Order((payload != null) ? JSON.writeValueAsString(payload) : null, priority, null));
	}

	/**
	 * Schedules a run of a job.
	 * @param job name of the job
	 * @param key names the run
	 * @param due when it is to begin, by the clock of the database; {@code null} for at
	 * once
	 * @param order what it is given
	 * @return whether it is a new run
	 * @throws IllegalArgumentException if there is no such job, or the key is empty or
	 * longer than 200 characters
	 */
	public boolean schedule(String job, String key, @Nullable Instant due, Order order) {
		known(job);
		requireKey(key);
		if (order.priority() < LEAST_PRIORITY || order.priority() > GREATEST_PRIORITY) {
			throw new IllegalArgumentException("The priority of a run is a number from " + LEAST_PRIORITY + " to "
					+ GREATEST_PRIORITY + ", not " + order.priority());
		}
		Instant now = cluster.now();
		boolean added = queue().add(job, key, (due != null) ? due : now, order);
		if (added && (due == null || !due.isAfter(now))) {
			Cluster.afterCommit(hurry);
		}
		return added;
	}

	/**
	 * Shows all jobs.
	 * @return the jobs by name
	 */
	public List<JobView> all() {
		return jobs.keySet().stream().map(this::view).toList();
	}

	/**
	 * Shows a job.
	 * @param job its name
	 * @return the job
	 * @throws IllegalArgumentException if there is no such job
	 */
	public JobView view(String job) {
		JobPolicy policy = known(job).policy().get();
		RunHistory runs = history();
		List<Run> open = runs.open(job);
		Optional<Instant> next = ScheduleTask.next(cluster.service(), job).filter((tick) -> policy.schedule() != null);
		return new JobView(job, policy, runs.isPaused(job), next.orElse(null),
				open.stream().filter((run) -> run.state() == RunState.RUNNING).count(),
				open.stream().filter((run) -> run.state() == RunState.WAITING).count(), runs.last(job).orElse(null));
	}

	/**
	 * Shows the latest runs of a job.
	 * @param job its name
	 * @param count how many at most
	 * @return its runs, the latest first
	 */
	public List<Run> history(String job, int count) {
		known(job);
		return history().latest(job, Math.max(0, Math.min(count, 10_000)));
	}

	/**
	 * Runs a job now, beside its schedule.
	 * @param job its name
	 * @return the key of the run
	 */
	public String runNow(String job) {
		String key = "manual-" + UUID.randomUUID();
		schedule(job, key, null);
		return key;
	}

	/**
	 * Pauses a job's schedule: its ticks are skipped until it is resumed. A run that is
	 * under way goes on.
	 * @param job its name
	 */
	public void pause(String job) {
		known(job);
		cluster.service()
			.sql("insert into job_pause (job) values (:job) on conflict do nothing")
			.param("job", job)
			.update();
	}

	/**
	 * Resumes a job's schedule.
	 * @param job its name
	 */
	public void resume(String job) {
		known(job);
		cluster.service().sql("delete from job_pause where job = :job").param("job", job).update();
	}

	/**
	 * Repeats a run that was not successful.
	 * @param job name of the job
	 * @param key key of the run
	 * @throws IllegalArgumentException if there is no such run, or it is open or was
	 * successful
	 */
	public void retry(String job, String key) {
		known(job);
		requireKey(key);
		if (!queue().retry(job, key, cluster.now())) {
			throw new IllegalArgumentException("There is no run " + job + "/" + key + " that failed, was abandoned or"
					+ " skipped, and is not open. The history of the job shows its runs.");
		}
		Cluster.afterCommit(hurry);
	}

	/**
	 * Ends a run. One that waits is skipped; one that is under way is interrupted where
	 * it runs, within a second, and begins no further effect by {@link JobRun#once}. An
	 * effect that it is making may still be made.
	 * @param job name of the job
	 * @param key key of the run
	 * @throws IllegalArgumentException if there is no such run that is open
	 */
	public void cancel(String job, String key) {
		known(job);
		requireKey(key);
		if (history().open(job, key).isEmpty()) {
			throw new IllegalArgumentException("There is no run " + job + "/" + key + " that waits or is under way");
		}
		cluster.transactions().executeWithoutResult((status) -> {
			queue().cancelWaiting(job, key, RunTask.ActiveRun.CANCELLED);
			queue().cancel(job, key);
		});
	}

	private static void requireKey(String key) {
		if (key.isBlank() || key.length() > LONGEST_KEY || key.indexOf('\0') >= 0) {
			throw new IllegalArgumentException(
					"The key of a run has 1 to " + LONGEST_KEY + " characters and is not blank");
		}
	}

	private RunQueue queue() {
		return new RunQueue(cluster.service());
	}

	private RunHistory history() {
		return new RunHistory(cluster.service());
	}

	private JobTasks known(String job) {
		JobTasks tasks = jobs.get(job);
		if (tasks == null) {
			throw new IllegalArgumentException("There is no job '" + job + "'. There are: " + jobs.keySet());
		}
		return tasks;
	}

	/**
	 * A job as it is now.
	 *
	 * @param name its name
	 * @param policy how it runs
	 * @param paused whether its schedule is paused by hand
	 * @param next when it is due next; {@code null} without a schedule
	 * @param running runs under way
	 * @param waiting runs that wait
	 * @param last the latest run that was due; {@code null} when there is none
	 */
	public record JobView(String name, JobPolicy policy, boolean paused, @Nullable Instant next, long running,
			long waiting, @Nullable Run last) {
	}

}
