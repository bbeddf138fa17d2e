package com.example.platform.consul;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts, as "full jitter" in Marc Brooker, <i>Exponential Backoff And
 * Jitter</i> (AWS Architecture Blog, 2015): uniformly random up to a bound that doubles
 * with each failure in a row. Immutable, safe for use by several threads.
 */
public final class BackOff {

	private static final Duration FIRST = Duration.ofMillis(200);

	private static final Duration LONGEST = Duration.ofSeconds(3);

	private final RandomGenerator random;

	/**
	 * Creates pauses between 0 and at first 200 ms, later up to 3 s.
	 */
	public BackOff() {
		// ThreadLocalRandom.current() must be asked on the thread that uses it.
		this(() -> ThreadLocalRandom.current().nextLong());
	}

	/**
	 * Creates pauses drawn from the given source.
	 * @param random source of randomness, called from several threads
	 */
	public BackOff(RandomGenerator random) {
		this.random = random;
	}

	/**
	 * Draws a pause.
	 * @param failures failures in a row so far, at least 1
	 * @return how long to wait before the next attempt
	 */
	public Duration pause(int failures) {
		long bound = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 16));
		return Duration.ofMillis(random.nextLong(bound + 1));
	}

}
