package com.example.platform.loadbalancing.policy;

import java.util.random.RandomGenerator;

/**
 * Whose turn it is, for policies that take one after the other. It outlives the pickers,
 * which are made anew at each change: those that began anew would favour whoever comes
 * first, and so would callers that all began at the same turn.
 *
 * <p>
 * Safe for use by several threads. Threads take turns of their own where
 * {@link StripedCounters} keeps them apart, so between all of them a node may be ahead by
 * one turn for each stripe.
 */
final class Turns {

	private final StripedCounters next = new StripedCounters();

	Turns(RandomGenerator random) {
		next.scatter(0, random.nextLong());
	}

	/**
	 * Takes a turn.
	 * @param size the number of turns after which it is the first one's again
	 * @return the turn, from 0
	 */
	int next(int size) {
		return Integer.remainderUnsigned((int) next.increment(0), size);
	}

}
