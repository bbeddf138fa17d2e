package com.example.benchmarks.balancing;

import java.util.List;
import java.util.function.LongToIntFunction;

import com.example.benchmarks.balancing.Contender.Instance;
import com.example.platform.loadbalancing.policy.Hash;

/**
 * Calls whose instance follows from the hash of their key alone.
 */
final class HashCaller implements Caller {

	private final int[] ids;

	private final LongToIntFunction index;

	HashCaller(List<Instance> fleet, LongToIntFunction index) {
		this.ids = fleet.stream().mapToInt(Instance::id).toArray();
		this.index = index;
	}

	@Override
	public Object choose(Request request) {
		return begin(request);
	}

	@Override
	public Object call(Request request) {
		return begin(request);
	}

	@Override
	public Call begin(Request request) {
		return new HashedCall(ids[index.applyAsInt(Hash.of(request.key()))]);
	}

	private record HashedCall(int instance) implements Call {

		@Override
		public void end(boolean failed) {
			// Nobody asks.
		}

	}

}
