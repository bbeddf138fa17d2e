package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.policy.Node;

/**
 * The nodes of one service's instances, each the same object for as long as its instance
 * is listed, and their warm-up. Not safe for use by several threads.
 */
final class Nodes {

	private final LongSupplier nanoTime;

	private final Map<String, Known> known = new HashMap<>();

	private Duration slowStart;

	// Until the first list, what is found was there before and is warm.
	private boolean listed;

	Nodes(LongSupplier nanoTime, Duration slowStart) {
		this.nanoTime = nanoTime;
		this.slowStart = slowStart;
	}

	void slowStart(Duration next) {
		slowStart = next;
	}

	Node of(ServiceEndpoint endpoint) {
		Node node = known.computeIfAbsent(key(endpoint), (key) -> discover(endpoint)).node;
		node.weight(endpoint.weight());
		return node;
	}

	/**
	 * Forgets all instances but these, and knows these from now on.
	 */
	void retain(List<ServiceEndpoint> endpoints) {
		known.keySet().retainAll(endpoints.stream().map(Nodes::key).collect(Collectors.toSet()));
		endpoints.forEach(this::of);
		listed = true;
	}

	/**
	 * Gives nodes that warm up the share that is due by now.
	 * @return whether one has finished
	 */
	boolean warmUp() {
		boolean finished = false;
		for (Known one : known.values()) {
			if (one.node.warmUp() < 1) {
				double share = share(one.since);
				one.node.warmUp(share);
				finished |= share == 1;
			}
		}
		return finished;
	}

	private Known discover(ServiceEndpoint endpoint) {
		Known found = new Known(new Node(endpoint.instanceId(), nanoTime), nanoTime.getAsLong());
		if (listed) {
			found.node.warmUp(share(found.since));
		}
		return found;
	}

	// Linear, from a tenth, which lets a cold instance load its code.
	private double share(long since) {
		double window = slowStart.toNanos();
		double age = nanoTime.getAsLong() - since;
		return (age >= window) ? 1 : Math.max(0.1, age / window);
	}

	// An instance that comes back elsewhere is another one.
	private static String key(ServiceEndpoint endpoint) {
		return endpoint.instanceId() + "@" + endpoint.host() + ":" + endpoint.port();
	}

	private record Known(Node node, long since) {
	}

}
