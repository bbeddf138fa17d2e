package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Lets a node that has just come up have only a growing share of the picks that fall on
 * it; the others go to another node. Needed only by policies that do not look at the
 * weight, and only while a node warms up.
 */
public final class WarmUp implements Picker {

	private static final int ATTEMPTS = 3;

	private final Picker picker;

	private final Node[] nodes;

	private final RandomGenerator random;

	/**
	 * Wraps a picker.
	 * @param picker chooses first
	 * @param nodes the nodes that it was made for
	 * @param random source of randomness, called from several threads
	 */
	public WarmUp(Picker picker, List<Node> nodes, RandomGenerator random) {
		this.picker = picker;
		this.nodes = nodes.toArray(Node[]::new);
		this.random = random;
	}

	@Override
	public int pick(long key) {
		int choice = picker.pick(key);
		for (int i = 0; i < ATTEMPTS && refuses(nodes[choice]); i++) {
			choice = picker.pick(key);
		}
		return choice;
	}

	private boolean refuses(Node node) {
		double share = node.warmUp();
		return share < 1 && (random.nextLong() >>> 11) * 0x1.0p-53 >= share;
	}

}
