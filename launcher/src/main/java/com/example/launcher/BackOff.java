package com.example.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long an instance that died stays down before it is started again: twice as long
 * after each further death, until there were too many in a row.
 */
final class BackOff {

	static final int MOST_DEATHS = 5;

	private final Duration first;

	private final Duration goodRun;

	private final LongSupplier nanoTime;

	private int deaths;

	private long since;

	/**
	 * For an instance that runs from now on.
	 * @param first time after the first death
	 * @param goodRun how long it has to run so that its next death counts as the first
	 * @param nanoTime tells the time
	 */
	BackOff(Duration first, Duration goodRun, LongSupplier nanoTime) {
		this.first = first;
		this.goodRun = goodRun;
		this.nanoTime = nanoTime;
		this.since = nanoTime.getAsLong();
	}

	/** Notes that the instance was started again, or that this was in vain. */
	void tried() {
		since = nanoTime.getAsLong();
	}

	/**
	 * Notes that the instance died.
	 * @return how long to wait; empty if it is to be given up
	 */
	Optional<Duration> died() {
		boolean ranWell = nanoTime.getAsLong() - since >= goodRun.toNanos();
		deaths = ranWell ? 1 : deaths + 1;
		return (deaths < MOST_DEATHS) ? Optional.of(first.multipliedBy(1L << (deaths - 1))) : Optional.empty();
	}

}
