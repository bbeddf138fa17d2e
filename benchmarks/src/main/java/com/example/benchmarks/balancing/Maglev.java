package com.example.benchmarks.balancing;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongToIntFunction;

import com.example.benchmarks.balancing.Contender.Instance;
import com.example.platform.loadbalancing.policy.Hash;

/**
 * Looks the key up in a table that the instances fill in turn, each by its own
 * permutation of the slots (Eisenbud et al., <i>Maglev: A Fast and Reliable Software
 * Network Load Balancer</i>, NSDI 2016). Even to one slot; when an instance leaves, more
 * keys move than its own.
 */
final class Maglev implements LongToIntFunction {

	private static final int FREE = -1;

	private final int[] table;

	/**
	 * Fills the table.
	 * @param fleet the instances
	 * @param slots a prime number, so that every step visits every slot
	 */
	Maglev(List<Instance> fleet, int slots) {
		table = new int[slots];
		Arrays.fill(table, FREE);
		int[] slot = fleet.stream().mapToInt((instance) -> below(slots, hash(instance), 0)).toArray();
		int[] step = fleet.stream().mapToInt((instance) -> 1 + below(slots - 1, hash(instance), 1)).toArray();
		for (int filled = 0; filled < slots; filled++) {
			int turn = filled % fleet.size();
			while (table[slot[turn]] != FREE) {
				slot[turn] = (slot[turn] + step[turn]) % slots;
			}
			table[slot[turn]] = turn;
		}
	}

	@Override
	public int applyAsInt(long key) {
		return table[(int) Long.remainderUnsigned(Hash.mix(key), table.length)];
	}

	private static long hash(Instance instance) {
		return Hash.of("user-service-" + instance.id());
	}

	private static int below(int bound, long hash, int salt) {
		return (int) Long.remainderUnsigned(Hash.mix(hash + salt), bound);
	}

}
