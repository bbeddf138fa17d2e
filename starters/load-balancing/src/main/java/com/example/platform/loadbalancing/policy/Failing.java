package com.example.platform.loadbalancing.policy;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a node's failures. Immutable.
 *
 * @param share the share of calls that failed, each counting for a fifth of it
 * @param at when the last one did
 */
record Failing(double share, long at) {

	private static final double STEP = 0.2;

	// Less than one call in flight more, which every idle node would be better than.
	private static final double NOTHING = 0.01;

	static Failing afterFailure(@Nullable Failing before, long now) {
		double share = (before != null) ? before.share * Node.decay(now - before.at) : 0;
		return new Failing(share + (1 - share) * STEP, now);
	}

	@Nullable Failing afterSuccess() {
		double next = share * (1 - STEP);
		return (next * next < NOTHING) ? null : new Failing(next, at);
	}

	// Quadratic, so that a single failure among many calls costs little and a row of
	// them much.
	double charge(long time) {
		double now = share * Node.decay(time - at);
		double charge = now * now;
		return (charge < NOTHING) ? 0 : charge;
	}

}
