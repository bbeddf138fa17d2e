package com.example.platform.scheduling.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What the holder of a lock knows of it by itself: it holds until {@link #VALIDITY} after
 * its last renewal, for those that implement {@link Locks}. See Cary Gray and David
 * Cheriton, <i>Leases</i> (SOSP 1989). Once it has ended it never holds again, whatever
 * is answered late. Thread-safe.
 */
public final class Lease {

	/** How often the holder renews. */
	public static final Duration RENEWAL = Duration.ofMillis(300);

	/**
	 * How long the holder counts on a renewal, from when it was <em>sent</em>. Two
	 * renewals may get lost.
	 */
	public static final Duration VALIDITY = Duration.ofMillis(900);

	/**
	 * How long the server counts on a renewal, from when it arrived. Longer than
	 * {@link #VALIDITY}, by more than two clocks differ in a second.
	 */
	public static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);

	/**
	 * How long nobody gets the lock of a holder that was lost, from when the server took
	 * it away. Longer than {@link #VALIDITY}: the server may do so at any time, right
	 * after a renewal too.
	 */
	public static final Duration LOCK_DELAY = Duration.ofSeconds(1);

	private static final Log log = LogFactory.getLog(Lease.class);

	private final String name;

	private final LongSupplier nanoTime;

	private final List<Runnable> callbacks = new ArrayList<>();

	private State state = State.HELD;

	private long renewed;

	/**
	 * Begins to hold.
	 * @param name the name of the lock
	 * @param sent when the first renewal was sent, by {@link System#nanoTime()}
	 */
	public Lease(String name, long sent) {
		this(name, sent, System::nanoTime);
	}

	Lease(String name, long sent, LongSupplier nanoTime) {
		this.name = name;
		this.renewed = sent;
		this.nanoTime = nanoTime;
	}

	/**
	 * Tells whether it holds. This alone notices that it has been renewed too late.
	 * @return whether it is neither lost nor ended
	 */
	public synchronized boolean isValid() {
		if (state == State.HELD && nanoTime.getAsLong() - renewed >= VALIDITY.toNanos()) {
			lose();
		}
		return state == State.HELD;
	}

	/**
	 * Goes on holding, unless it is too late.
	 * @param sent when the renewal was sent that has been answered, by
	 * {@link System#nanoTime()}
	 */
	public synchronized void renew(long sent) {
		if (isValid() && sent - renewed > 0) {
			renewed = sent;
		}
	}

	/**
	 * Returns what it counts from.
	 * @return when the last renewal that was answered was sent
	 */
	public synchronized long renewed() {
		return renewed;
	}

	/**
	 * Ends it because the lock is lost. The callbacks run on a thread of their own.
	 */
	public synchronized void lose() {
		if (state == State.HELD) {
			state = State.LOST;
			log.warn("The lock '" + name + "' is lost");
			Thread thread = new Thread(() -> callbacks.forEach(this::call), "lock-lost");
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Ends it because the holder has done.
	 * @return whether it held until now, so that there is something to release
	 */
	public synchronized boolean end() {
		boolean held = isValid();
		if (held) {
			state = State.ENDED;
		}
		return held;
	}

	/**
	 * Has somebody told that it is lost.
	 * @param callback as for {@link Lock#onLost}
	 */
	public void onLost(Runnable callback) {
		if (!remember(callback)) {
			callback.run();
		}
	}

	private synchronized boolean remember(Runnable callback) {
		if (isValid()) {
			callbacks.add(callback);
		}
		return state != State.LOST;
	}

	private void call(Runnable callback) {
		try {
			callback.run();
		}
		catch (RuntimeException ex) {
			log.error("What was to be told that the lock '" + name + "' is lost failed", ex);
		}
	}

	private enum State {

		HELD, LOST, ENDED

	}

}
