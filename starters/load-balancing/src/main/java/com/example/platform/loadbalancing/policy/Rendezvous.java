package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Takes the node that scores highest for the key (Thaler and Ravishankar, <i>Using
 * Name-Based Mappings to Increase Hit Rates</i>, 1998). When one of n nodes leaves, only
 * its own keys move. Unequal weights are honoured by the logarithmic scores of
 * Schindelhauer and Schomaker, <i>Weighted Distributed Hash Tables</i> (2005).
 */
final class Rendezvous implements Picker {

	private final long[] hashes;

	// Empty when all are equal.
	private final double[] weights;

	private final RandomGenerator random;

	Rendezvous(List<Node> nodes, RandomGenerator random) {
		this.hashes = nodes.stream().mapToLong(Node::hash).toArray();
		boolean equal = nodes.stream().mapToInt(Node::weight).distinct().count() == 1;
		this.weights = equal ? new double[0] : nodes.stream().mapToDouble(Node::weight).toArray();
		this.random = random;
	}

	@Override
	public int pick(long key) {
		long present = (key != Hash.NO_KEY) ? key : random.nextLong();
		return (weights.length == 0) ? highest(present) : lowestCost(present);
	}

	private int highest(long key) {
		int best = 0;
		long bestScore = Long.MIN_VALUE;
		for (int i = 0; i < hashes.length; i++) {
			long score = Hash.mix(key ^ hashes[i]);
			if (score > bestScore) {
				best = i;
				bestScore = score;
			}
		}
		return best;
	}

	// The smallest -ln(u)/w. Since -ln(u) is at least 1 - u, most logarithms can be
	// spared.
	private int lowestCost(long key) {
		int best = 0;
		double bestCost = Double.POSITIVE_INFINITY;
		for (int i = 0; i < hashes.length; i++) {
			double uniform = ((Hash.mix(key ^ hashes[i]) >>> 11) + 0.5) * 0x1.0p-53;
			if (1 - uniform < bestCost * weights[i]) {
				double cost = -Math.log(uniform) / weights[i];
				if (cost < bestCost) {
					best = i;
					bestCost = cost;
				}
			}
		}
		return best;
	}

}
