package com.example.benchmarks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Clocked delays between two moments. Thread-safe.
 */
public final class Delays {

	/** In place of the time of what was waited for in vain. */
	public static final long NEVER = Long.MAX_VALUE;

	private final List<Long> nanos = new CopyOnWriteArrayList<>();

	/**
	 * Adds a delay; one that ended before it began is none.
	 * @param from its begin in nanoseconds
	 * @param to its end, or {@link #NEVER}
	 */
	public void add(long from, long to) {
		nanos.add((to == NEVER) ? NEVER : Math.max(0, to - from));
	}

	/**
	 * Counts them.
	 * @return how many were added
	 */
	public int count() {
		return nanos.size();
	}

	/**
	 * The smallest delay that the given share of all delays does not exceed, which with
	 * few of them is the longest.
	 * @param share 0 to 1
	 * @return nanoseconds; {@link #NEVER} if it did not end
	 */
	public long percentile(double share) {
		List<Long> sorted = nanos.stream().sorted().toList();
		return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
	}

}
