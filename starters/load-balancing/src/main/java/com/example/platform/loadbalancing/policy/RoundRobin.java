package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes the nodes in turn.
 */
final class RoundRobin implements Picker {

	private final int size;

	private final AtomicInteger next;

	RoundRobin(List<Node> nodes) {
		this.size = nodes.size();
		// Pickers are made anew at each change; those that all began at the first node
		// would
		// favour it.
		this.next = new AtomicInteger((int) nodes.stream().mapToLong(Node::picks).sum());
	}

	@Override
	public int pick(long key) {
		return Integer.remainderUnsigned(next.getAndIncrement(), size);
	}

}
