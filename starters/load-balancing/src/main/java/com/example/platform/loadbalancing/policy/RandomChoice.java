package com.example.platform.loadbalancing.policy;

import java.util.random.RandomGenerator;

/**
 * Takes any node.
 */
final class RandomChoice implements Picker {

	private final int size;

	private final RandomGenerator random;

	RandomChoice(int size, RandomGenerator random) {
		this.size = size;
		this.random = random;
	}

	@Override
	public int pick(long key) {
		return Hash.index(random.nextLong(), size);
	}

}
