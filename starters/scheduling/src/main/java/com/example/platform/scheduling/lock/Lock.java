package com.example.platform.scheduling.lock;

/**
 * A lock that is held, until it is closed or lost. Thread-safe.
 *
 * <p>
 * A holder that looks at {@link #isHeld()} and then writes may be frozen in between, and
 * write when another one has the lock. What is written to must refuse that: it keeps the
 * highest {@link #fence()} it has seen and accepts no lower one. See Martin Kleppmann,
 * <a href=
 * "https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html">How to do
 * distributed locking</a> (2016); Mike Burrows, <i>The Chubby lock service</i> (OSDI
 * 2006) calls it a sequencer.
 */
public interface Lock extends AutoCloseable {

	/**
	 * Returns which lock it is.
	 * @return its name
	 */
	String name();

	/**
	 * Returns the fencing token.
	 * @return a positive number that is higher for each later holder of the same name
	 */
	long fence();

	/**
	 * Tells whether it is held, by the holder's own clock, without asking anybody. It is
	 * {@code false} before another one can have the lock, also in a process that was
	 * frozen and wakes, and never {@code true} again. The clock is
	 * {@link System#nanoTime()}, which may stand still while a whole machine sleeps.
	 * @return whether it is neither lost nor closed
	 */
	boolean isHeld();

	/**
	 * Has somebody told that it is lost, not that it is closed.
	 * @param callback called once, on a thread of its own; at once, on this thread, when
	 * it is lost already
	 */
	void onLost(Runnable callback);

	/**
	 * Releases it. When the server does not take note, it is free after two seconds.
	 */
	@Override
	void close();

}
