package com.example.platform.loadbalancing.policy;

import java.util.List;

/**
 * Takes the nodes in turn, each as often as its weight says, and spreads the turns of a
 * heavy one: weights 5, 1, 1 give a a b a c a a. The order is that of nginx's smooth
 * weighted round robin (nginx commit 52327e0, 2012), computed ahead for one cycle, so
 * that a pick needs neither its lock nor its pass over all nodes.
 */
final class SmoothWeightedRoundRobin implements Picker {

	// Bounds memory and the time to build; weights that need a longer cycle are rounded.
	private static final int LONGEST_CYCLE = 1 << 14;

	private final char[] cycle;

	private final Turns turns;

	SmoothWeightedRoundRobin(List<Node> nodes, Turns turns) {
		this.cycle = cycle(nodes);
		this.turns = turns;
	}

	/**
	 * Returns the indexes of the nodes in the order of their turns.
	 */
	static char[] cycle(List<Node> nodes) {
		int[] weights = weights(nodes);
		int total = 0;
		for (int weight : weights) {
			total += weight;
		}
		char[] cycle = new char[total];
		int[] current = new int[weights.length];
		for (int turn = 0; turn < total; turn++) {
			int best = 0;
			for (int i = 0; i < weights.length; i++) {
				current[i] += weights[i];
				if (current[i] > current[best]) {
					best = i;
				}
			}
			current[best] -= total;
			cycle[turn] = (char) best;
		}
		return cycle;
	}

	@Override
	public int pick(long key) {
		return cycle[turns.next(cycle.length)];
	}

	private static int[] weights(List<Node> nodes) {
		long[] weights = nodes.stream().mapToLong(Node::weight).toArray();
		long total = 0;
		long divisor = 0;
		for (long weight : weights) {
			total += weight;
			divisor = gcd(weight, divisor);
		}
		int[] reduced = new int[weights.length];
		for (int i = 0; i < weights.length; i++) {
			if (total == 0) {
				reduced[i] = 1;
			}
			else if (total / divisor <= LONGEST_CYCLE) {
				reduced[i] = (int) (weights[i] / divisor);
			}
			else if (weights[i] > 0) {
				reduced[i] = (int) Math.max(1, Math.round((double) weights[i] * LONGEST_CYCLE / total));
			}
		}
		return reduced;
	}

	private static long gcd(long a, long b) {
		return (b == 0) ? a : gcd(b, a % b);
	}

}
