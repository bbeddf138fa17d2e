package com.example.platform.loadbalancing.policy;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Looks the key up in a table that the nodes fill in turn, each by its own permutation of
 * the slots (Eisenbud et al., <i>Maglev: A Fast and Reliable Software Network Load
 * Balancer</i>, NSDI 2016). Even to one slot, O(1) for a call; when a node leaves,
 * somewhat more keys move than its own. A node of twice the weight takes twice the turns.
 */
final class Maglev implements Picker {

	// Primes, so that every step visits every slot. A large table moves fewer keys.
	private static final int[] SIZES = { 65_537, 655_373 };

	private static final int NODES_FOR_SMALL_TABLE = 64;

	private final char[] table;

	private final RandomGenerator random;

	Maglev(List<Node> nodes, RandomGenerator random) {
		this.random = random;
		int size = SIZES[(nodes.size() <= NODES_FOR_SMALL_TABLE) ? 0 : 1];
		table = new char[size];
		Arrays.fill(table, Character.MAX_VALUE);
		int count = nodes.size();
		// Filled in the order of the hashes, so that callers with lists in another order
		// agree.
		Integer[] order = new Integer[count];
		Arrays.setAll(order, (i) -> i);
		Arrays.sort(order, (a, b) -> Long.compare(nodes.get(a).hash(), nodes.get(b).hash()));
		int heaviest = Math.max(1, nodes.stream().mapToInt(Node::weight).max().orElse(1));
		int[] slot = new int[count];
		int[] step = new int[count];
		double[] turns = new double[count];
		double[] share = new double[count];
		for (int i = 0; i < count; i++) {
			long hash = nodes.get(i).hash();
			slot[i] = Hash.index(Hash.mix(hash), size);
			step[i] = 1 + Hash.index(Hash.mix(hash ^ 0x9e3779b97f4a7c15L), size - 1);
			share[i] = (double) nodes.get(i).weight() / heaviest;
		}
		if (Arrays.stream(share).allMatch((value) -> value == 0)) {
			Arrays.fill(share, 1);
		}
		int filled = 0;
		while (filled < size) {
			for (int i : order) {
				turns[i] += share[i];
				if (turns[i] >= 1 && filled < size) {
					turns[i] -= 1;
					while (table[slot[i]] != Character.MAX_VALUE) {
						slot[i] = (slot[i] + step[i]) % size;
					}
					table[slot[i]] = (char) i;
					filled++;
				}
			}
		}
	}

	@Override
	public int pick(long key) {
		return table[Hash.index((key != Hash.NO_KEY) ? Hash.mix(key) : random.nextLong(), table.length)];
	}

}
