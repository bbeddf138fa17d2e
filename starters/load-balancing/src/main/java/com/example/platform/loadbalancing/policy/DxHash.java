package com.example.platform.loadbalancing.policy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Gives each node a place in a sparse table and takes the first node that the key's
 * pseudo-random sequence of places meets (Dong and Wang, <i>DxHash: A Scalable Consistent
 * Hash Based on the Pseudo-Random Sequence</i>, 2021). When one of n nodes leaves, only
 * its own keys move, and a new one takes only what it then has. The more nodes, the fewer
 * steps: the table's size divided by their number, on average.
 *
 * <p>
 * The paper numbers nodes as they come; here callers agree without talking, since places
 * follow from the nodes' hashes. Two nodes that want the same place are served in the
 * order of their hashes, so when one of them leaves, the other may move: 1.5 % more keys
 * than have to on average. A node of half the weight of the heaviest turns down every
 * other key that meets it.
 *
 * <p>
 * Meant for up to some 4,096 nodes, since the table does not grow beyond 128 KiB; it
 * holds 65,535 at most.
 */
final class DxHash implements Picker {

	// Small enough for the second-level cache.
	private static final int SMALLEST_TABLE_BITS = 15;

	// With so many places for each, one node in 64 finds its first one taken.
	private static final int LEAST_PLACES_FOR_A_NODE = 32;

	private static final int LARGEST_TABLE_BITS = 16;

	private static final char FREE = Character.MAX_VALUE;

	private static final int LOTS = 1 << 16;

	private static final int LOT_MASK = LOTS - 1;

	private static final long STEP = 0x9e3779b97f4a7c15L;

	private final char[] table;

	// How many of the lots each node takes.
	private final int[] shares;

	private final RandomGenerator random;

	DxHash(List<Node> nodes, RandomGenerator random) {
		this.random = random;
		this.shares = shares(nodes);
		int bits = SMALLEST_TABLE_BITS;
		while (bits < LARGEST_TABLE_BITS && (1 << bits) < LEAST_PLACES_FOR_A_NODE * nodes.size()) {
			bits++;
		}
		this.table = new char[1 << bits];
		Arrays.fill(table, FREE);
		IntStream.range(0, nodes.size())
			.boxed()
			.sorted(Comparator.comparingLong((i) -> nodes.get(i).hash()))
			.forEach((i) -> place(i, nodes.get(i).hash()));
	}

	@Override
	public int pick(long key) {
		int mask = table.length - 1;
		long sequence = (key != Hash.NO_KEY) ? key : random.nextLong();
		while (true) {
			sequence += STEP;
			// Each number has two places to look at, and a lot for each.
			long number = Hash.mix(sequence);
			int first = table[(int) (number >>> 48) & mask];
			if (first != FREE && ((number >>> 32) & LOT_MASK) < shares[first]) {
				return first;
			}
			int second = table[(int) (number >>> 16) & mask];
			if (second != FREE && (number & LOT_MASK) < shares[second]) {
				return second;
			}
		}
	}

	private void place(int node, long hash) {
		long number = hash;
		int place;
		do {
			number = Hash.mix(number + STEP);
			place = (int) number & (table.length - 1);
		}
		while (table[place] != FREE);
		table[place] = (char) node;
	}

	private static int[] shares(List<Node> nodes) {
		int heaviest = nodes.stream().mapToInt(Node::weight).max().orElse(0);
		return nodes.stream()
			.mapToInt((node) -> (heaviest == 0) ? LOTS : (int) Math.ceil((double) LOTS * node.weight() / heaviest))
			.toArray();
	}

}
