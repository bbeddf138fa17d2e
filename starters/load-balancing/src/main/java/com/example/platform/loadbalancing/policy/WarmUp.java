package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Lets a node that has just come up have only a growing share of the picks that fall on
 * it; the others go to any other node. Needed only while a node warms up.
 */
public final class WarmUp implements Picker {

	private final Picker picker;

	private final Node[] nodes;

	// Whom to take instead: those that are to get calls at all.
	private final int[] others;

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
		this.others = IntStream.range(0, this.nodes.length).filter((i) -> this.nodes[i].weight() > 0).toArray();
		this.random = random;
	}

	@Override
	public int pick(long key) {
		int choice = picker.pick(key);
		if (others.length < 2 || !refuses(nodes[choice])) {
			return choice;
		}
		int place = Hash.index(random.nextLong(), others.length);
		return (others[place] != choice) ? others[place] : others[(place + 1) % others.length];
	}

	private boolean refuses(Node node) {
		double share = node.warmUp();
		return share < 1 && (random.nextLong() >>> 11) * 0x1.0p-53 >= share;
	}

}
