package com.example.configserver.release;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Follows the line of revisions: looks for new ones, on a thread of its own and on no
 * other, since the place that they come from may be far away and slow. All who need a
 * look share the next one. Thread-safe.
 */
final class Line {

	private static final Log log = LogFactory.getLog(Line.class);

	private static final String LOOKING = "Looking for new revisions";

	// Who asks for what is not there must not use up the threads that serve the others.
	private static final int MOST_WAITING = 8;

	private static final Duration WAITING = Duration.ofSeconds(2);

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	// After as many revisions the history may have got too many files.
	private static final int REVISIONS_BEFORE_PACKING = 50;

	private final History history;

	private final Duration interval;

	private final Duration leastInterval;

	private final Troubles troubles;

	private final Semaphore waiting = new Semaphore(MOST_WAITING);

	// Of the look that has not begun: whether it succeeds.
	private volatile CompletableFuture<Boolean> next = new CompletableFuture<>();

	private volatile @Nullable String failure;

	private volatile CountDownLatch stopped = new CountDownLatch(1);

	private @Nullable Thread thread;

	// Confined to the thread.

	private long begun;

	private String newest = "";

	private int unpacked;

	/**
	 * Creates a line that is followed when it is started.
	 * @param history the revisions
	 * @param interval longest time between two looks
	 * @param leastInterval shortest time between two looks, however often somebody asks
	 * @param troubles what fails is told there
	 */
	Line(History history, Duration interval, Duration leastInterval, Troubles troubles) {
		this.history = history;
		this.interval = interval;
		this.leastInterval = leastInterval;
		this.troubles = troubles;
	}

	/**
	 * Looks once, and begins to follow the line.
	 * @param found called by the thread when there is a new revision
	 */
	void start(Runnable found) {
		CountDownLatch end = new CountDownLatch(1);
		stopped = end;
		begun = System.nanoTime();
		troubles.attempt(LOOKING, this::look);
		Thread follower = new Thread(() -> follow(found, end), "config-history");
		follower.setDaemon(true);
		thread = follower;
		follower.start();
	}

	void stop() {
		stopped.countDown();
		if (thread != null) {
			thread.interrupt();
		}
	}

	private void follow(Runnable found, CountDownLatch end) {
		while (end.getCount() > 0) {
			if (!troubles.attempt("Waiting for new revisions", () -> history.await(interval))) {
				pause(AFTER_FAILURE, end);
			}
			pause(leastInterval.minusNanos(System.nanoTime() - begun), end);
			troubles.attempt(LOOKING, () -> lookForAll(found));
		}
	}

	private void pause(Duration duration, CountDownLatch end) {
		troubles.attempt("Pausing", () -> end.await(duration.toNanos(), TimeUnit.NANOSECONDS));
	}

	private void lookForAll(Runnable found) {
		CompletableFuture<Boolean> awaited = next;
		next = new CompletableFuture<>();
		begun = System.nanoTime();
		boolean succeeded = false;
		try {
			succeeded = look();
		}
		finally {
			awaited.complete(succeeded);
		}
		Revision head = head();
		if (head != null && !head.id().equals(newest)) {
			newest = head.id();
			found.run();
			if (++unpacked >= REVISIONS_BEFORE_PACKING) {
				unpacked = 0;
				troubles.attempt("Packing the history", history::pack);
			}
		}
	}

	private boolean look() {
		try {
			history.look();
			if (failure != null) {
				log.info("The configuration can be read again");
				failure = null;
			}
			return true;
		}
		catch (IOException ex) {
			// The same thing is said once.
			if (stopped.getCount() > 0 && !String.valueOf(ex.getMessage()).equals(failure)) {
				failure = String.valueOf(ex.getMessage());
				log.warn(failure + " What was released stays in effect.");
			}
			return false;
		}
	}

	/**
	 * Returns the newest known revision.
	 * @return {@code null} until the history could be read, now or in an earlier life
	 */
	@Nullable Revision head() {
		try {
			return history.head();
		}
		catch (IllegalStateException ex) {
			return null;
		}
	}

	/** Says why nothing new can be read; {@code null} when it can. */
	@Nullable String failure() {
		return failure;
	}

	/**
	 * Lets the thread look as soon as it may.
	 * @return completes with whether that look, which has not begun yet, has succeeded
	 */
	CompletableFuture<Boolean> lookSoon() {
		CompletableFuture<Boolean> look = next;
		history.hint();
		return look;
	}

	/**
	 * Finds a revision for somebody who may be anybody. One that is not known may be new;
	 * for that, few wait for a short time, and the others get what is known.
	 */
	Optional<Revision> find(String name) {
		Optional<Revision> known = history.find(name);
		if (known.isPresent() || !waiting.tryAcquire()) {
			return known;
		}
		try {
			return find(name, WAITING);
		}
		finally {
			waiting.release();
		}
	}

	/**
	 * Finds a revision for somebody who may change the configuration.
	 * @param atMost how long to wait for one that is not known
	 */
	Optional<Revision> find(String name, Duration atMost) {
		Optional<Revision> known = history.find(name);
		if (known.isPresent()) {
			return known;
		}
		try {
			lookSoon().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
			return history.find(name);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			log.debug("No look in time for " + name, ex);
		}
		return known;
	}

}
