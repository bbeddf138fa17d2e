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

	// How many numbers of nodes that are gone may be kept beside the others.
	private static final int SPARE_NUMBERS = 1024;

	private final Policy fallback;

	// In each place the upper bits of a key and the number of its node, 0 when nobody is
	// there.
	private AtomicLongArray places = new AtomicLongArray(PLACES);

	// The number of a node that is gone is not given to another while the places last, so
	// that they say nothing wrong.
	private Map<String, Integer> numbers = new HashMap<>();

	Sticky(Policy fallback) {
		this.fallback = fallback;
	}

	@Override
	public Picker picker(List<Node> nodes) {
		if (numbers.size() > nodes.size() + SPARE_NUMBERS) {
			forgetAllBut(nodes);
		}
		int[] numberOf = new int[nodes.size()];
		for (int i = 0; i < numberOf.length; i++) {
			numberOf[i] = numbers.computeIfAbsent(nodes.get(i).id(), (id) -> numbers.size() + 1);
		}
		int[] indexOf = new int[numbers.size() + 1];
		for (int i = 0; i < numberOf.length; i++) {
			indexOf[numberOf[i]] = i + 1;
		}
		Picker hash = fallback.picker(nodes);
		AtomicLongArray present = places;
		return (key) -> pick(key, present, hash, numberOf, indexOf);
	}

	// In new places: pickers that were made before go on to write old numbers into
	// theirs.
	private void forgetAllBut(List<Node> nodes) {
		Map<Integer, Integer> renumbered = new HashMap<>();
		Map<String, Integer> kept = new HashMap<>();
		for (Node node : nodes) {
			Integer number = numbers.get(node.id());
			if (number != null) {
				kept.put(node.id(), kept.size() + 1);
				renumbered.put(number, kept.size());
			}
		}
		AtomicLongArray next = new AtomicLongArray(PLACES);
		for (int i = 0; i < PLACES; i++) {
			long seen = places.get(i);
			Integer number = renumbered.get((int) (seen & NODE_MASK));
			if (number != null) {
				next.set(i, (seen & ~NODE_MASK) | number);
			}
		}
		numbers = kept;
		places = next;
	}

	private static int pick(long key, AtomicLongArray places, Picker hash, int[] numberOf, int[] indexOf) {
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
