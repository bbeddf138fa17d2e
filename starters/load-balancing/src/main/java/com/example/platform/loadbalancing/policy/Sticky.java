package com.example.platform.loadbalancing.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers where each key went. The memory is bounded: a key's place in the table may be
 * taken by another key, and it then goes where the hash says.
 */
final class Sticky implements Policy {

	private static final int PLACES = 1 << 16;

	private static final int NODE_BITS = 20;

	private static final long NODE_MASK = (1L << NODE_BITS) - 1;

	private final Policy fallback;

	// In each place the upper bits of a key and the number of its node, 0 when nobody is
	// there.
	private final AtomicLongArray places = new AtomicLongArray(PLACES);

	// A node's number is never given to another, so that a place says nothing wrong when
	// its node is gone.
	private final Map<String, Integer> numbers = new HashMap<>();

	Sticky(Policy fallback) {
		this.fallback = fallback;
	}

	@Override
	public Picker picker(List<Node> nodes) {
		int[] numberOf = new int[nodes.size()];
		for (int i = 0; i < numberOf.length; i++) {
			numberOf[i] = numbers.computeIfAbsent(nodes.get(i).id(), (id) -> numbers.size() + 1);
		}
		int[] indexOf = new int[numbers.size() + 1];
		for (int i = 0; i < numberOf.length; i++) {
			indexOf[numberOf[i]] = i + 1;
		}
		Picker hash = fallback.picker(nodes);
		return (key) -> pick(key, hash, numberOf, indexOf);
	}

	private int pick(long key, Picker hash, int[] numberOf, int[] indexOf) {
		if (key == Hash.NO_KEY) {
			return hash.pick(key);
		}
		int place = (int) (key & (PLACES - 1));
		long seen = places.get(place);
		if (((seen ^ key) & ~NODE_MASK) == 0) {
			int number = (int) (seen & NODE_MASK);
			if (number < indexOf.length && indexOf[number] > 0) {
				return indexOf[number] - 1;
			}
		}
		int index = hash.pick(key);
		places.set(place, (key & ~NODE_MASK) | numberOf[index]);
		return index;
	}

}
