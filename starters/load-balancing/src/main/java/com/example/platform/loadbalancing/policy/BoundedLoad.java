package com.example.platform.loadbalancing.policy;

import java.util.List;

/**
 * Goes on to the key's next node while the present one has more than its share of the
 * calls in flight (Mirrokni, Thorup, Zadimoghaddam, <i>Consistent Hashing with Bounded
 * Loads</i>, 2018). Only a node that is busy costs a look at the others.
 */
final class BoundedLoad implements Picker {

	private static final int ATTEMPTS = 8;

	private final Picker hash;

	private final Node[] nodes;

	private final double factor;

	BoundedLoad(Picker hash, List<Node> nodes, double factor) {
		this.hash = hash;
		this.nodes = nodes.toArray(Node[]::new);
		this.factor = factor;
	}

	@Override
	public int pick(long key) {
		int first = hash.pick(key);
		if (nodes[first].inFlight() == 0) {
			return first;
		}
		double calls = 1;
		double weights = 0;
		for (Node node : nodes) {
			calls += node.inFlight();
			weights += node.effectiveWeight();
		}
		int candidate = first;
		long next = key;
		for (int i = 0; i < ATTEMPTS; i++) {
			if (nodes[candidate].inFlight() < Math
				.ceil(factor * calls * nodes[candidate].effectiveWeight() / weights)) {
				return candidate;
			}
			// The same chain for the same key, from every caller.
			next = (next != Hash.NO_KEY) ? Hash.mix(next + 0x9e3779b97f4a7c15L) : next;
			candidate = hash.pick(next);
		}
		return first;
	}

}
