package com.example.platform.consul;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

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

	// Often enough to notice soon that a connection is dead.
	private static final Duration WAIT = Duration.ofSeconds(4);

	// For answers so long that repeating them often would load the network.
	private static final Duration WAIT_FOR_LONG = Duration.ofSeconds(55);

	private static final int LONG = 64 * 1024;

	// Without a wait, and beyond it.
	private static final Duration TIMEOUT = Duration.ofSeconds(4);

	// Changes in quick succession are seen at once up to the burst, then at most once per
	// interval.
	private static final long MINIMUM_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int BURST = 10;

	private final BiFunction<String, Duration, CompletableFuture<Answer<Optional<String>>>> get;

	private final String path;

	private final WatchListener<Optional<String>> listener;

	private final ScheduledExecutorService watchThread;

	private final BackOff backOff;

	private volatile boolean closed;

	// The request on its way or the pause before the next one.
	private volatile Future<?> pending = CompletableFuture.completedFuture(null);

	// What the listener has taken.
	private @Nullable Answer<Optional<String>> last;

	private volatile long lastIndex;

	private volatile long lastAnswered = System.nanoTime();

	// What the next query waits behind.
	private long index;

	// In a row.
	private int failures;

	private int listenerFailures;

	private boolean afterOutage;

	private long earliestNext = System.nanoTime();

	BlockingQuery(BiFunction<String, Duration, CompletableFuture<Answer<Optional<String>>>> get, String path,
			WatchListener<Optional<String>> listener, ScheduledExecutorService watchThread, BackOff backOff) {
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
		Duration wait = (last != null && last.body().map(String::length).orElse(0) > LONG) ? WAIT_FOR_LONG : WAIT;
		String query = (index == 0) ? path
				: path + (path.contains("?") ? "&" : "?") + "index=" + index + "&wait=" + wait.toSeconds() + "s";
		// Consul adds up to a sixteenth to the wait.
		Duration timeout = (index == 0) ? TIMEOUT : wait.plus(wait.dividedBy(16)).plus(TIMEOUT);
		try {
			CompletableFuture<Answer<Optional<String>>> request = get.apply(query, timeout);
			pending = request;
			var unused = request.whenComplete((answer, failure) -> onWatchThread(() -> completed(answer, failure)));
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void completed(@Nullable Answer<Optional<String>> answer, @Nullable Throwable failure) {
		if (closed) {
			return;
		}
		if (answer != null && answer.index() > 0) {
			answered(answer);
		}
		else if (answer != null) {
			failed(new IllegalStateException("an answer without X-Consul-Index is not Consul's"));
		}
		else {
			failed((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
					: failure);
		}
	}

	private void answered(Answer<Optional<String>> answer) {
		lastAnswered = System.nanoTime();
		lastIndex = answer.index();
		if (failures > 0) {
			log.info("Consul answers again: " + path);
			failures = 0;
		}
		boolean backwards = answer.index() < index;
		afterOutage = afterOutage || backwards;
		index = backwards ? 0 : answer.index();
		// An index also moves for changes elsewhere; only a change of content is news.
		boolean news = last == null || !last.body().equals(answer.body());
		Answer<Optional<String>> told = new Answer<>(answer.index(), answer.body(), afterOutage);
		if (isDone(news ? () -> listener.changed(told) : listener::confirmed)) {
			last = answer;
			afterOutage = false;
			listenerFailures = 0;
			schedule(nextSlot());
		}
		else {
			index = 0;
			schedule(backOff.pause(listenerFailures));
		}
	}

	// An error, too, must not end the watch without a word.
	private boolean isDone(Runnable call) {
		try {
			call.run();
			return true;
		}
		catch (RuntimeException | Error ex) {
			listenerFailures++;
			if (listenerFailures == 1) {
				log.error("The listener of " + path + " failed; it is called again until it takes what stands there",
						ex);
			}
			return false;
		}
	}

	private void failed(@Nullable Throwable failure) {
		failures++;
		if (failures == 1) {
			log.warn("Consul does not answer " + path + " (" + failure
					+ "). What was last known stays in use. Is the agent running? Trying again until it answers.");
			isDone(listener::lost);
		}
		// A restarted agent may count from the start again.
		index = 0;
		afterOutage = true;
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
