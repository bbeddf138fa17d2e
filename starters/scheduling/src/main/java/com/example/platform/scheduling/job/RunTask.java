package com.example.platform.scheduling.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import com.example.platform.defaults.WorthWaiting;
import com.example.platform.scheduling.queue.Attempt;
import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunEffects;
import com.example.platform.scheduling.queue.RunQueue;
import com.example.platform.scheduling.queue.RunQueue.Limits;
import com.example.platform.scheduling.queue.RunQueue.Taken;
import com.example.platform.scheduling.queue.RunState;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import io.grpc.Context;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job, as a task of db-scheduler: begins what was taken from the queue, lets the
 * handler work, and says in the history how it ended.
 */
final class RunTask extends CustomTask<Void> {

	private static final Log log = LogFactory.getLog(RunTask.class);

	// How often something that waits for another run is tried again.
	private static final Duration PATIENCE = Duration.ofMillis(250);

	// Who is that far behind waits so many times as long.
	private static final int FARTHEST = 40;

	private static final Duration UNTIL_ANOTHER_TRY = Duration.ofSeconds(1);

	private final JobDefinition job;

	private final Supplier<JobPolicy> policy;

	private final Cluster cluster;

	private final ScheduledExecutorService timer;

	private final JobListener listener;

	private final Map<Taken, ActiveRun> active = new ConcurrentHashMap<>();

	RunTask(JobDefinition job, Supplier<JobPolicy> policy, Cluster cluster, ScheduledExecutorService timer,
			JobListener listener) {
		super(job.name(), Void.class, null, Function.identity(), (failed, operations) -> {
			// Nothing was begun, since the database did not answer: another try follows
			// when the row counts as abandoned.
		}, (dead, operations) -> abandoned(policy.get(), cluster, listener, dead.getExecution()));
		this.job = job;
		this.policy = policy;
		this.cluster = cluster;
		this.timer = timer;
		this.listener = listener;
	}

	@Override
	public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
		Taken taken = taken(context.getExecution());
		JobPolicy present = policy.get();
		Optional<Attempt> begun = begin(taken, present);
		if (begun.isEmpty()) {
			return (completed, operations) -> doNotBegin(taken);
		}
		JobRun run = new JobRun(begun.get(), cluster.instance(), new RunEffects(cluster.service()),
				cluster.transactions());
		listener.started(job.name(), Duration.between(run.due(), begun.get().started()));
		long start = System.nanoTime();
		Throwable failure = handle(run, taken, present.timeLimit());
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		return (completed,
				operations) -> end(run, taken, present, failure, context.getSchedulerState().isShuttingDown())
					.ifPresent((state) -> listener.ended(job.name(), state, took));
	}

	private static Taken taken(Execution execution) {
		return new Taken(execution.taskInstance.getTaskName(), execution.taskInstance.getId(), execution.version);
	}

	private Optional<Attempt> begin(Taken taken, JobPolicy present) {
		Limits limits = new Limits(present.overlap() != Overlap.ALLOW, present.maxConcurrentRuns());
		if (!limits.matter()) {
			return cluster.queue().begin(taken, cluster.instance(), limits);
		}
		return cluster.inTransaction(() -> cluster.queue().begin(taken, cluster.instance(), limits));
	}

	private void doNotBegin(Taken taken) {
		RunQueue queue = cluster.queue();
		if (cluster.history().open(taken.job(), taken.key()).filter(Run::cancelled).isPresent()) {
			queue.end(taken, RunState.SKIPPED, ActiveRun.CANCELLED);
			return;
		}
		int pauses = Math.max(1, queue.before(taken, FARTHEST));
		queue.postpone(taken, cluster.now().plus(PATIENCE.multipliedBy(pauses)),
				"waits for another run of the job to end");
	}

	private @Nullable Throwable handle(JobRun run, Taken taken, Duration timeLimit) {
		ActiveRun mine = new ActiveRun(run, Thread.currentThread());
		active.put(taken, mine);
		var limit = timeLimit.isZero() ? null : timer.schedule(() -> mine.stop("took longer than " + timeLimit),
				timeLimit.toNanos(), TimeUnit.NANOSECONDS);
		Context before = mine.call.attach();
		try {
			job.handler().run(run);
			return null;
		}
		catch (Exception | Error ex) {
			return ex;
		}
		finally {
			mine.call.detachAndCancel(before, null);
			active.remove(taken);
			if (limit != null) {
				limit.cancel(false);
			}
			mine.over();
		}
	}

	private Optional<RunState> end(JobRun run, Taken taken, JobPolicy present, @Nullable Throwable failure,
			boolean shuttingDown) {
		RunQueue queue = cluster.queue();
		String stopped = run.stopped();
		if (failure == null && stopped == null) {
			return told(queue.end(taken, RunState.SUCCEEDED, null), run, RunState.SUCCEEDED);
		}
		String reason = (stopped != null) ? stopped : String.valueOf(failure);
		if (stopped == null && failure != null && WorthWaiting.isCauseOf(failure)) {
			queue.postpone(taken, cluster.now().plus(UNTIL_ANOTHER_TRY), "waits until it may call: " + reason);
			return Optional.of(RunState.WAITING);
		}
		if (shuttingDown && failure != null && stopped == null) {
			return told(queue.repeat(taken, cluster.now(), RunState.ABANDONED, "the instance was stopped: " + reason),
					run, RunState.ABANDONED);
		}
		boolean again = run.attempt() <= present.maxRetries() && !ActiveRun.CANCELLED.equals(stopped);
		log.warn("Run " + run + " failed" + (again ? ", and is tried again" : " for good") + ": " + reason,
				(stopped != null) ? null : failure);
		Instant at = cluster.now().plus(present.retryAfter(run.attempt(), ThreadLocalRandom.current()));
		return told(
				again ? queue.repeat(taken, at, RunState.FAILED, reason) : queue.end(taken, RunState.FAILED, reason),
				run, RunState.FAILED);
	}

	// One that was taken over counts where that was seen.
	private static Optional<RunState> told(boolean mine, JobRun run, RunState state) {
		if (mine) {
			return Optional.of(state);
		}
		log.warn("Run " + run + " has ended here, " + state + ", after another instance took it over: this end does"
				+ " not count");
		return Optional.empty();
	}

	private static void abandoned(JobPolicy policy, Cluster cluster, JobListener listener, Execution dead) {
		Taken taken = taken(dead);
		RunQueue queue = cluster.queue();
		String reason = "instance " + dead.pickedBy + " is gone or did not answer in time";
		cluster.inTransaction(() -> {
			Run open = cluster.history().open(taken.job(), taken.key()).orElse(null);
			if (open == null || open.state() == RunState.WAITING) {
				return queue.postpone(taken, cluster.now(), reason);
			}
			boolean again = open.attempt() <= policy.maxRetries() && !open.cancelled();
			boolean mine = again ? queue.repeat(taken, cluster.now(), RunState.ABANDONED, reason)
					: queue.end(taken, RunState.ABANDONED, reason);
			if (mine) {
				log.warn("Run " + taken.job() + "/" + taken.key() + "#" + open.attempt() + " is abandoned, since "
						+ reason + (again ? "; it is tried again" : ""));
				listener.ended(taken.job(), RunState.ABANDONED, Duration.ZERO);
			}
			return mine;
		});
	}

	/** Ends an attempt of this instance that another one may have by now. */
	void lose(Execution execution) {
		ActiveRun lost = active.get(taken(execution));
		if (lost != null) {
			lost.stop("this instance did not answer in time, and another may have it");
		}
	}

	/** Ends an attempt of this instance that somebody has cancelled. */
	void cancel(Run cancelled) {
		active.values()
			.stream()
			.filter((mine) -> Long.valueOf(mine.run.fence()).equals(cancelled.fence()))
			.forEach((mine) -> mine.stop(ActiveRun.CANCELLED));
	}

	/**
	 * Ends what the attempts of this instance wait for, so that they can be handed over.
	 */
	void endCalls() {
		active.values().forEach((mine) -> mine.call.cancel(null));
	}

	int underWay() {
		return active.size();
	}

	/**
	 * A run, the thread that handles it, which must not be interrupted afterwards, and
	 * the call that it is to whatever it uses: statements and calls of gRPC do not heed
	 * an interruption, but end with their call.
	 */
	static final class ActiveRun {

		static final String CANCELLED = "cancelled";

		private final JobRun run;

		private final Thread thread;

		private final Context.CancellableContext call = Context.current().withCancellation();

		private boolean over;

		private ActiveRun(JobRun run, Thread thread) {
			this.run = run;
			this.thread = thread;
		}

		synchronized void stop(String reason) {
			if (!over) {
				run.stop(reason);
				thread.interrupt();
				call.cancel(null);
			}
		}

		synchronized void over() {
			over = true;
			// Of use to the handler alone.
			if (run.isStopped()) {
				var unused = Thread.interrupted();
			}
		}

	}

}
