package com.example.platform.resilience;

import java.time.Duration;

/**
 * How the calls of one method are guarded; see {@link ResilienceSettings}.
 *
 * @param enabled whether there is a circuit breaker
 * @param window time that it looks back
 * @param minCalls fewest calls in the window that may open it
 * @param failureShare share of the calls that opens it when they fail or are slow
 * @param slowAfter time after which a call is slow
 * @param openFor time that it stays open
 * @param trialCalls number of calls that decide whether it closes
 * @param maxConcurrentCalls most calls under way; 0 for as many as there are
 */
public record GuardPolicy(boolean enabled, Duration window, int minCalls, double failureShare, Duration slowAfter,
		Duration openFor, int trialCalls, int maxConcurrentCalls) {

	static final GuardPolicy DEFAULTS = new GuardPolicy(true, Duration.ofSeconds(2), 5, 0.5, Duration.ofSeconds(1),
			Duration.ofSeconds(1), 3, 0);

	/**
	 * Returns whether breakers of both open and close by the same rules.
	 */
	boolean hasBreakerOf(GuardPolicy other) {
		return new GuardPolicy(enabled, window, minCalls, failureShare, slowAfter, openFor, trialCalls,
				other.maxConcurrentCalls)
			.equals(other);
	}

}
