package com.example.gateway.retry;

import java.util.function.LongSupplier;

/**
 * Bounds repetitions to a share of the requests, so that they cannot multiply the load of
 * a service that is failing because of its load. A token bucket: each request puts a part
 * of a token in, time does too, each repetition takes a whole one out. Thread-safe.
 */
final class RetryBudget {

	private final LongSupplier nanoTime;

	private double tokens = Double.MAX_VALUE;

	private long countedUntil;

	/**
	 * Creates a full budget.
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 */
	RetryBudget(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.countedUntil = nanoTime.getAsLong();
	}

	/**
	 * Counts a request.
	 * @param settings how to count
	 */
	synchronized void deposit(RetrySettings.Budget settings) {
		put(settings.share(), settings);
	}

	/**
	 * Takes a repetition out.
	 * @param settings how to count
	 * @return whether there was one
	 */
	synchronized boolean withdraw(RetrySettings.Budget settings) {
		long now = nanoTime.getAsLong();
		put((now - countedUntil) * 1e-9 * settings.minPerSecond(), settings);
		countedUntil = now;
		if (tokens < 1) {
			return false;
		}
		tokens--;
		return true;
	}

	private void put(double more, RetrySettings.Budget settings) {
		tokens = Math.min(settings.burst(), tokens + more);
	}

}
