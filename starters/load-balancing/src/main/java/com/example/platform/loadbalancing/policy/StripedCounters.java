package com.example.platform.loadbalancing.policy;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A few counters that many threads raise at a time: each is a sum of stripes, and threads
 * have different ones, as far as there are enough. Two processors that wrote to the same
 * cache line would wait for each other at each call.
 * {@link java.util.concurrent.atomic.LongAdder} does the same for one counter; here those
 * that are raised and read together share their lines, and the stripes are there from the
 * start, so that a sum is read without a look at a table.
 *
 * <p>
 * Takes 576 bytes on two processors, 1.1 KiB on four and more.
 */
final class StripedCounters {

	// For each processor two, so that threads seldom meet, as far as memory allows.
	private static final int STRIPES = Math.min(8,
			Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors()));

	private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(STRIPES);

	// In longs: two cache lines, since processors fetch them in pairs.
	private static final int DISTANCE = 16;

	// Away from the array's own length, which each access reads.
	private static final int FIRST = DISTANCE / 2;

	private final AtomicLongArray values = new AtomicLongArray(FIRST + STRIPES * DISTANCE);

	/**
	 * Gives each stripe of a counter any value. A thread finds the same one for the same
	 * seed on every machine, whatever its number of stripes.
	 */
	void scatter(int counter, long seed) {
		for (int stripe = 0; stripe < STRIPES; stripe++) {
			values.set(index(stripe, counter), Hash.mix(seed + ((long) stripe << SHIFT)));
		}
	}

	/**
	 * Raises a counter by one.
	 * @return what this thread's stripe held before
	 */
	long increment(int counter) {
		// Fibonacci hashing, which keeps threads that were started one after the other
		// apart.
		int stripe = (int) ((Thread.currentThread().getId() * 0x9e3779b97f4a7c15L) >>> SHIFT);
		return values.getAndIncrement(index(stripe, counter));
	}

	/**
	 * Returns the sum of a counter's stripes. While it is being raised, it is a value
	 * between those before and after the call.
	 */
	long sum(int counter) {
		long sum = 0;
		for (int stripe = 0; stripe < STRIPES; stripe++) {
			sum += values.get(index(stripe, counter));
		}
		return sum;
	}

	private static int index(int stripe, int counter) {
		return FIRST + stripe * DISTANCE + counter;
	}

}
