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

	private final ScheduledExecutorService thread;

	private final Troubles troubles;

	private final Duration patience;

	/**
	 * Starts the thread.
	 * @param troubles what fails on it is told there
	 * @param patience how long somebody waits for a decision to begin, and then again for
	 * it to end
	 */
	DecisionThread(Troubles troubles, Duration patience) {
		this.troubles = troubles;
		this.patience = patience;
		this.thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread decisions = new Thread(task, "config-release");
			decisions.setDaemon(true);
			return decisions;
		});
	}

	void later(String what, Runnable task) {
		try {
			thread.execute(() -> troubles.attempt(what, task::run));
		}
		catch (RejectedExecutionException ex) {
			log.debug("The server stops", ex);
		}
	}

	void repeat(String what, Duration interval, Runnable task) {
		var unused = thread.scheduleWithFixedDelay(() -> troubles.attempt(what, task::run), interval.toMillis(),
				interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Takes a decision that somebody waits for.
	 * @throws RefusedRequestException when it is refused, cannot be taken now, or takes
	 * too long
	 */
	<T> T decide(Callable<T> decision) {
		// By the thread that begins with it, or by the caller who gives it up.
		AtomicBoolean taken = new AtomicBoolean();
		try {
			Future<T> result = thread.submit(() -> {
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
		catch (RejectedExecutionException ex) {
			throw RefusedRequestException.unavailable("The config server stops. Ask another, or this one later.");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
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

	void stop() {
		thread.shutdownNow();
	}

}
