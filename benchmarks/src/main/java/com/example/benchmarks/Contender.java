package com.example.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.Picker;
import com.example.platform.loadbalancing.policy.Policy;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

/**
 * A policy of this project or one that others use.
 *
 * @param name as the table shows it
 * @param affine whether it keeps a key on its node
 * @param policy makes the policy from a source of randomness
 */
record Contender(String name, boolean affine, Function<RandomGenerator, Policy> policy) {

	// The default of gRPC and Envoy.
	private static final int MIN_RING_SIZE = 1024;

	static List<Contender> all() {
		List<Contender> all = new ArrayList<>();
		for (PolicyName name : PolicyName.values()) {
			all.add(of(name));
		}
		all.add(new Contender("Spring Cloud round robin", false, (random) -> (nodes) -> roundRobin(nodes, random)));
		all.add(new Contender("gRPC least_request", false, (random) -> (nodes) -> leastRequest(nodes, random)));
		all.add(new Contender("gRPC ring_hash", true, (random) -> Contender::ringHash));
		all.add(new Contender("modulo", true,
				(random) -> (nodes) -> (key) -> (int) Long.remainderUnsigned(key, nodes.size())));
		return all;
	}

	static Contender of(PolicyName name) {
		boolean affine = name == PolicyName.CONSISTENT_HASH || name == PolicyName.STICKY;
		return new Contender(label(name), affine, (random) -> name.create(PolicyOptions.DEFAULTS, random));
	}

	static String label(PolicyName name) {
		return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Picker roundRobin(List<Node> nodes, RandomGenerator random) {
		AtomicInteger position = new AtomicInteger(random.nextInt(1000));
		return (key) -> (position.incrementAndGet() & Integer.MAX_VALUE) % nodes.size();
	}

	private static Picker leastRequest(List<Node> nodes, RandomGenerator random) {
		return (key) -> {
			int first = random.nextInt(nodes.size());
			int second = random.nextInt(nodes.size());
			return (nodes.get(second).inFlight() < nodes.get(first).inFlight()) ? second : first;
		};
	}

	private static Picker ringHash(List<Node> nodes) {
		TreeMap<Long, Integer> ring = new TreeMap<>(Long::compareUnsigned);
		int points = (MIN_RING_SIZE + nodes.size() - 1) / nodes.size();
		for (int i = 0; i < nodes.size(); i++) {
			for (int point = 0; point < points; point++) {
				ring.put(Hash.of(nodes.get(i).id() + "_" + point), i);
			}
		}
		return (key) -> {
			Map.Entry<Long, Integer> next = ring.ceilingEntry(key);
			return ((next != null) ? next : ring.firstEntry()).getValue();
		};
	}

}
