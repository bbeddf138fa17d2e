package com.example.platform.consul;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import com.example.platform.consul.Consul.Answer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A watch on one Consul resource by
 * <a href="https://developer.hashicorp.com/consul/api-docs/features/blocking">blocking
 * queries</a>. It follows the rules given there: the index starts again at 0 when it goes
 * backwards or is not positive, and queries are limited in rate even when the resource
 * changes all the time.
 *
 * <p>
 * All state is confined to the watch thread, except what other threads may ask for.
 */
public final class BlockingQuery implements AutoCloseable {

	private static final Log log = LogFactory.getLog(BlockingQuery.class);

	private static final Duration WAIT = Duration.ofSeconds(55);

	// Consul adds up to a sixteenth to the wait.
	private static final Duration TIMEOUT = WAIT.plus(WAIT.dividedBy(16)).plusSeconds(5);

	// Changes in quick succession are seen at once up to the burst, then at most once per
	// interval.
	private static final long MINIMUM_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int BURST = 10;

	private final BiFunction<String, Duration, CompletableFuture<Answer>> get;

	private final String path;

	private final Consumer<Answer> listener;

	private final ScheduledExecutorService watchThread;

	private final BackOff backOff;

	private volatile boolean closed;

	// The request on its way or the pause before the next one.
	private volatile Future<?> pending = CompletableFuture.completedFuture(null);

	private @Nullable Answer last;

	private volatile long lastIndex;

	private volatile long lastAnswered = System.nanoTime();

	// What the next query waits behind.
	private long index;

	private int failures;

	private long earliestNext = System.nanoTime();

	BlockingQuery(BiFunction<String, Duration, CompletableFuture<Answer>> get, String path, Consumer<Answer> listener,
			ScheduledExecutorService watchThread, BackOff backOff) {
		this.get = get;
		this.path = path;
		this.listener = listener;
		this.watchThread = watchThread;
		this.backOff = backOff;
	}

	void start() {
		schedule(Duration.ZERO);
	}

	/**
	 * Ends the watch. An answer that is just being delivered still reaches the listener;
	 * one that comes later does not.
	 */
	@Override
	public void close() {
		closed = true;
		pending.cancel(true);
	}

	/**
	 * Returns the index of the last answer.
	 * @return Consul's index of the resource; 0 before the first answer
	 */
	public long index() {
		return lastIndex;
	}

	/**
	 * Returns how long ago the agent last answered, whether or not with news.
	 * @return the time since the last answer, since the watch was made when there is none
	 */
	public Duration age() {
		return Duration.ofNanos(System.nanoTime() - lastAnswered);
	}

	private void query() {
		if (closed) {
			return;
		}
		String query = (index == 0) ? path
				: path + (path.contains("?") ? "&" : "?") + "index=" + index + "&wait=" + WAIT.toSeconds() + "s";
		try {
			pending = get.apply(query, TIMEOUT)
				.whenComplete((answer, failure) -> onWatchThread(() -> completed(answer, failure)));
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void completed(@Nullable Answer answer, @Nullable Throwable failure) {
		if (closed) {
			return;
		}
		if (answer != null) {
			answered(answer);
		}
		else {
			failed((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
					: failure);
		}
	}

	private void answered(Answer answer) {
		lastAnswered = System.nanoTime();
		lastIndex = answer.index();
		boolean afterOutage = failures > 0;
		if (afterOutage) {
			log.info("Consul answers again: " + path);
			failures = 0;
		}
		boolean backwards = answer.index() < index;
		index = (answer.index() <= 0 || backwards) ? 0 : answer.index();
		// An index also moves for changes elsewhere; only a change of content is news.
		if (last == null || !Objects.equals(last.body(), answer.body())) {
			last = answer;
			deliver(new Answer(answer.index(), answer.body(), afterOutage));
		}
		schedule(nextSlot());
	}

	private void deliver(Answer answer) {
		try {
			listener.accept(answer);
		}
		catch (RuntimeException ex) {
			log.error("The listener of " + path + " failed; it is called again at the next change", ex);
		}
	}

	private void failed(@Nullable Throwable failure) {
		failures++;
		if (failures == 1) {
			log.warn("Consul does not answer " + path + " (" + failure
					+ "). What was last known stays in use. Is the agent running? Trying again until it answers.");
		}
		// A restarted agent may count from the start again.
		index = 0;
		schedule(backOff.pause(failures));
	}

	private Duration nextSlot() {
		long now = System.nanoTime();
		earliestNext = Math.max(earliestNext + MINIMUM_INTERVAL_NANOS, now - BURST * MINIMUM_INTERVAL_NANOS);
		return Duration.ofNanos(Math.max(0, earliestNext - now));
	}

	private void schedule(Duration pause) {
		try {
			pending = watchThread.schedule(this::query, pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The client was closed, and every watch with it.
			closed = true;
		}
	}

	private void onWatchThread(Runnable task) {
		try {
			watchThread.execute(task);
		}
		catch (RejectedExecutionException ex) {
			closed = true;
		}
	}

}
