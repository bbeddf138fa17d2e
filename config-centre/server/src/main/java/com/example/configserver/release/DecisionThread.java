package com.example.configserver.release;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.example.configserver.history.RepositoryRefusesException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which decisions are taken, one after the other. Whoever waits for one
 * waits for bounded time. Thread-safe.
 */
final class DecisionThread {

	private static final Log log = LogFactory.getLog(DecisionThread.class);

	private final Troubles troubles;

	private final Duration patience;

	private volatile @Nullable ScheduledExecutorService executor;

	/**
	 * Creates a thread that begins when it is started.
	 * @param troubles what fails on it is told there
	 * @param patience how long somebody waits for a decision to begin, and then again for
	 * it to end
	 */
	DecisionThread(Troubles troubles, Duration patience) {
		this.troubles = troubles;
		this.patience = patience;
	}

	void start() {
		executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread decisions = new Thread(task, "config-release");
			decisions.setDaemon(true);
			return decisions;
		});
	}

	void stop() {
		ScheduledExecutorService running = executor;
		executor = null;
		if (running != null) {
			running.shutdownNow();
		}
	}

	boolean isRunning() {
		return executor != null;
	}

	/** Does something soon, unless the thread is stopped before. */
	void later(String what, Runnable task) {
		ScheduledExecutorService running = executor;
		if (running == null) {
			return;
		}
		try {
			running.execute(() -> troubles.attempt(what, task::run));
		}
		catch (RejectedExecutionException ex) {
			log.debug("The server stops", ex);
		}
	}

	/** Does something again and again, with a pause in between. */
	void repeat(String what, Duration pause, Runnable task) {
		ScheduledExecutorService running = executor;
		if (running != null) {
			var unused = running.scheduleWithFixedDelay(() -> troubles.attempt(what, task::run), pause.toMillis(),
					pause.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Takes a decision that somebody waits for.
	 * @throws RefusedRequestException when it is refused, cannot be taken now, or takes
	 * too long
	 */
	<T> T decide(Callable<T> decision) {
		ScheduledExecutorService running = executor;
		if (running == null) {
			throw RefusedRequestException.unavailable("The config server is starting or stopping. Try again.");
		}
		// By the thread that begins with it, or by the caller who gives it up.
		AtomicBoolean taken = new AtomicBoolean();
		try {
			Future<T> result = running.submit(() -> {
				if (!taken.compareAndSet(false, true)) {
					throw RefusedRequestException.unavailable("Nobody waits for this decision any more");
				}
				return decision.call();
			});
			try {
				return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				if (taken.compareAndSet(false, true)) {
					throw RefusedRequestException
						.unavailable("The config server is busy with another change. Nothing was done; try again.");
				}
				return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (TimeoutException ex) {
			throw RefusedRequestException
				.unavailable("This takes long, and goes on. ./dev config status shows the end.");
		}
		catch (RejectedExecutionException | InterruptedException ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			throw RefusedRequestException.unavailable("The config server stops. Ask another, or this one later.");
		}
		catch (ExecutionException ex) {
			throw told(ex.getCause());
		}
	}

	private static RuntimeException told(@Nullable Throwable failure) {
		if (failure instanceof RuntimeException known) {
			return known;
		}
		if (failure instanceof RepositoryRefusesException refusal) {
			return RefusedRequestException.conflict(String.valueOf(refusal.getMessage()));
		}
		if (failure instanceof IOException unreachable) {
			log.warn("A change was not made: " + unreachable.getMessage());
			return RefusedRequestException.unavailable(String.valueOf(unreachable.getMessage()));
		}
		return new IllegalStateException("The decision could not be taken", failure);
	}

}
