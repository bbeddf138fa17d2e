package com.example.platform.scheduling.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunQueue.Order;
import com.example.platform.scheduling.queue.Times;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Turns the ticks of one job's schedule into runs, as a task of db-scheduler whose single
 * row is due at the next tick. In one transaction, and only if the row is still this
 * instance's, each tick becomes a run or a recorded skip, and the row moves on: no tick
 * gets lost or counts twice, whoever dies when.
 */
final class ScheduleTask extends CustomTask<Void> {

	private static final Log log = LogFactory.getLog(ScheduleTask.class);

	private static final String PREFIX = "schedule:";

	private static final String ROW = "schedule";

	// What is looked at in one transaction; the next one follows at once.
	private static final int MOST_TICKS = 100_000;

	// What becomes runs in one transaction, in which no heartbeat passes this row.
	private static final int MOST_RUNS = 200;

	// A tick that is late by no more than that has not been missed.
	private static final Duration IN_TIME = Duration.ofSeconds(5);

	// A schedule that no instance has had for so long was that of instances that are
	// gone.
	private static final Duration LEFT = Duration.ofSeconds(20);

	// How often a job with a fixed delay is looked at while it runs.
	private static final Duration LOOK = Duration.ofSeconds(1);

	private final String job;

	private final Supplier<JobPolicy> policy;

	private final Cluster cluster;

	private final JobListener listener;

	private final Runnable hurry;

	private @Nullable String applied;

	ScheduleTask(String job, Supplier<JobPolicy> policy, Cluster cluster, JobListener listener, Runnable hurry) {
		super(PREFIX + job, Void.class, null, Function.identity(), (failed, operations) -> {
			// Nothing was changed: another try follows when the row counts as abandoned,
			// from the same tick on.
		}, (dead, operations) -> operations.reschedule(dead, dead.getExecution().executionTime));
		this.job = job;
		this.policy = policy;
		this.cluster = cluster;
		this.listener = listener;
		this.hurry = hurry;
	}

	/**
	 * Makes the row what the policy says, if the policy has another schedule than before:
	 * an instance that nothing is new to does not undo what a newer one has made of it.
	 */
	synchronized void apply() {
		Schedule schedule = policy.get().schedule();
		if (String.valueOf(schedule).equals(applied)) {
			return;
		}
		Instant now = cluster.now();
		cluster.inTransaction(() -> {
			write(schedule, now);
			// Also where it was so already, of instances that are gone.
			return note(schedule, now);
		});
		applied = String.valueOf(schedule);
	}

	private void write(@Nullable Schedule schedule, Instant now) {
		cluster.own()
			.sql("""
					insert into job_queue (task_name, task_instance, task_data, execution_time, picked, version, priority)
					values (:task, :row, :schedule, :next, false, 1, 100)
					on conflict (task_name, task_instance) do update
					set task_data = excluded.task_data, picked = false, picked_by = null, last_heartbeat = null,
					  version = job_queue.version + 1,
					  execution_time = case when job_queue.execution_time < :missed then job_queue.execution_time
					    else excluded.execution_time end
					where job_queue.task_data is distinct from excluded.task_data""")
			.param("task", getName())
			.param("row", ROW)
			.param("schedule", text(schedule))
			.param("next", Times.toDatabase(first(schedule, now)))
			// A tick that nobody has planned for so long is run, or recorded as missed.
			.param("missed", Times.toDatabase(now.minus(IN_TIME)))
			.update();
	}

	/**
	 * Notes that an instance with this schedule lives. If the row has another one, and no
	 * instance with that lives any more, it gets this one, from the time on when one was
	 * heard of last. Called every few seconds.
	 */
	synchronized void keep() {
		Schedule schedule = policy.get().schedule();
		Instant now = cluster.now();
		if (!note(schedule, now)) {
			cluster.own()
				.sql("select kept from job_queue where task_name = :task and task_instance = :row and kept < :left")
				.param("task", getName())
				.param("row", ROW)
				.param("left", Times.toDatabase(now.minus(LEFT)))
				.query((row, number) -> Times.read(row, "kept"))
				.optional()
				.ifPresent((since) -> takeOver(schedule, since, now));
		}
	}

	private boolean note(@Nullable Schedule schedule, Instant now) {
		return cluster.own()
			.sql("update job_queue set kept = :now where task_name = :task and task_instance = :row and task_data = :schedule")
			.param("now", Times.toDatabase(now))
			.param("task", getName())
			.param("row", ROW)
			.param("schedule", text(schedule))
			.update() == 1;
	}

	private void takeOver(@Nullable Schedule schedule, Instant since, Instant now) {
		int taken = cluster.own()
			.sql("""
					update job_queue set task_data = :schedule, picked = false, picked_by = null, last_heartbeat = null,
					  version = version + 1, kept = :now,
					  execution_time = case when execution_time <= :now then least(execution_time, :next) else :next end
					where task_name = :task and task_instance = :row and kept = :since""")
			.param("schedule", text(schedule))
			.param("now", Times.toDatabase(now))
			.param("next", Times.toDatabase(first(schedule, since)))
			.param("task", getName())
			.param("row", ROW)
			.param("since", Times.toDatabase(since))
			.update();
		if (taken == 1) {
			log.info("The job " + job + " goes by the schedule of this instance (" + schedule
					+ "), since no instance with another one has been heard of since " + since);
		}
	}

	private static Instant first(@Nullable Schedule schedule, Instant after) {
		return (schedule != null) ? schedule.first(after) : Schedule.NEVER;
	}

	/** When the next tick is; empty when there is none. */
	static Optional<Instant> next(JdbcClient jdbc, String job) {
		return jdbc.sql("select execution_time from job_queue where task_name = :task and task_instance = :row")
			.param("task", PREFIX + job)
			.param("row", ROW)
			.query((row, number) -> Times.read(row, "execution_time"))
			.optional()
			.filter((next) -> next.isBefore(Schedule.NEVER));
	}

	@Override
	public CompletionHandler<Void> execute(TaskInstance<Void> taken, ExecutionContext context) {
		long version = context.getExecution().version;
		Instant due = context.getExecution().executionTime;
		return (completed, operations) -> {
			JobPolicy present = policy.get();
			if (cluster.inTransaction(() -> isMine(version, present.schedule()) && plan(present, due))) {
				hurry.run();
			}
		};
	}

	// One that has another schedule than the row, since it has not heard of the latest or
	// is of another version, leaves the row to others as it is.
	private boolean isMine(long version, @Nullable Schedule schedule) {
		Optional<Boolean> sameSchedule = cluster.own()
			.sql("""
					select task_data = :schedule as same from job_queue
					where task_name = :task and task_instance = :row and version = :version for update""")
			.param("schedule", text(schedule))
			.param("task", getName())
			.param("row", ROW)
			.param("version", version)
			.query((row, number) -> row.getBoolean("same"))
			.optional();
		if (sameSchedule.filter((same) -> !same).isPresent()) {
			cluster.own()
				.sql("""
						update job_queue set picked = false, picked_by = null, last_heartbeat = null, version = version + 1
						where task_name = :task and task_instance = :row""")
				.param("task", getName())
				.param("row", ROW)
				.update();
		}
		return sameSchedule.orElse(false);
	}

	private static byte[] text(@Nullable Schedule schedule) {
		return String.valueOf(schedule).getBytes(StandardCharsets.UTF_8);
	}

	private boolean plan(JobPolicy present, Instant due) {
		Schedule schedule = present.schedule();
		Instant now = cluster.now();
		if (schedule == null) {
			moveTo(Schedule.NEVER);
			return false;
		}
		return (schedule.fixedDelay() != null) ? planAfterLast(present, schedule.fixedDelay(), due, now)
				: planTicks(present, schedule, due, now);
	}

	private boolean planAfterLast(JobPolicy present, Duration delay, Instant due, Instant now) {
		Instant soon = now.plus((delay.compareTo(LOOK) < 0) ? delay : LOOK);
		if (!present.enabled() || cluster.history().isPaused(job)
				|| cluster.history().open(job).stream().anyMatch((run) -> run.due().isBefore(now))) {
			moveTo(soon);
			return false;
		}
		Instant next = cluster.history().lastEnd(job).map((end) -> end.plus(delay)).orElse(due);
		if (next.isAfter(now)) {
			moveTo(next);
			return false;
		}
		moveTo(soon);
		return cluster.queue().add(job, next.toString(), next, Order.PLAIN);
	}

	private boolean planTicks(JobPolicy present, Schedule schedule, Instant due, Instant now) {
		Schedule.Ticks passed = schedule.ticks(due, now, (present.catchUp() == CatchUp.EACH) ? MOST_RUNS : MOST_TICKS);
		List<Instant> ticks = passed.due();
		moveTo(passed.next());
		if (ticks.isEmpty()) {
			return false;
		}
		if (!present.enabled() || cluster.history().isPaused(job)) {
			cluster.history().skip(job, ticks, present.enabled() ? "paused" : "switched off");
			return false;
		}
		Instant oldest = now.minus(present.catchUpWindow()).minus(IN_TIME);
		List<Instant> old = ticks.stream().filter((tick) -> tick.isBefore(oldest)).toList();
		List<Instant> young = new ArrayList<>(ticks.subList(old.size(), ticks.size()));
		if (!old.isEmpty()) {
			miss(old, "missed, and older than the catch-up window of " + present.catchUpWindow());
		}
		if (present.catchUp() == CatchUp.ONCE && young.size() > 1) {
			List<Instant> made = young.subList(0, young.size() - 1);
			miss(List.copyOf(made), "missed; the run of the tick after it stands for it");
			made.clear();
		}
		return !young.isEmpty() && add(present, young, now);
	}

	private void miss(List<Instant> ticks, String reason) {
		cluster.history().skip(job, ticks, reason);
		Cluster.afterCommit(() -> listener.missed(job, ticks.size()));
	}

	private boolean add(JobPolicy present, List<Instant> ticks, Instant now) {
		// What has been missed runs behind what is still to be caught up.
		boolean late = present.catchUp() == CatchUp.EACH && ticks.get(0).isBefore(now.minus(IN_TIME));
		if (!late && !makeRoom(present, ticks, now)) {
			return false;
		}
		ticks.forEach((tick) -> cluster.queue().add(job, tick.toString(), tick, Order.PLAIN));
		return true;
	}

	private boolean makeRoom(JobPolicy present, List<Instant> ticks, Instant now) {
		// One that is ordered for later is not under way.
		List<Run> open = cluster.history().open(job).stream().filter((run) -> run.due().isBefore(now)).toList();
		int mostOpen = switch (present.overlap()) {
			case SKIP -> 0;
			case BUFFER_ONE -> 1;
			case ALLOW, CANCEL_OTHER -> Integer.MAX_VALUE;
		};
		if (open.size() > mostOpen) {
			cluster.history().skip(job, ticks, "the run of " + open.get(0).key() + " is still under way");
			return false;
		}
		if (present.overlap() == Overlap.CANCEL_OTHER && !open.isEmpty()) {
			cluster.queue().cancelWaiting(job, null, "cancelled, since the next tick is due");
			cluster.queue().cancel(job, null);
		}
		return true;
	}

	private void moveTo(Instant next) {
		cluster.own()
			.sql("""
					update job_queue set execution_time = :next, picked = false, picked_by = null, last_heartbeat = null,
					  version = version + 1, kept = :now
					where task_name = :task and task_instance = :row""")
			.param("task", getName())
			.param("row", ROW)
			.param("next", Times.toDatabase(next))
			.param("now", Times.toDatabase(cluster.now()))
			.update();
	}

}
