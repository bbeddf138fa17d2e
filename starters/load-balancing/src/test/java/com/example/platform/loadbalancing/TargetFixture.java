package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.TargetSettings.Canary;
import com.example.platform.loadbalancing.TargetSettings.Ejection;
import com.example.platform.loadbalancing.TargetSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

/**
 * What tests of a target share: settings, instances, and a clock that stands until it is
 * set.
 */
abstract class TargetFixture {

	static final Ejection EJECTION = new Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
			Duration.ofMinutes(1), 0.5);

	static final Zone ANYWHERE = new Zone(null, 1, 0.5);

	static final Canary NO_CANARY = new Canary(null, "true", 0);

	static final TargetSettings SETTINGS = settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 0);

	final AtomicLong clock = new AtomicLong(1);

	static TargetSettings settings(PolicyName policy, Duration slowStart, Zone zone, Canary canary, int subsetSize) {
		return new TargetSettings(policy, PolicyOptions.DEFAULTS, null, slowStart, zone, canary, subsetSize, EJECTION);
	}

	static TargetSettings ejecting(Ejection ejection) {
		return new TargetSettings(PolicyName.ROUND_ROBIN, PolicyOptions.DEFAULTS, null, Duration.ZERO, ANYWHERE,
				NO_CANARY, 0, ejection);
	}

	Target target(TargetSettings settings, List<ServiceEndpoint> endpoints) {
		Target target = new Target("user-service", "gateway-1", settings, clock::get, new SplittableRandom(1),
				Runnable::run);
		target.update(endpoints);
		return target;
	}

	static List<ServiceEndpoint> endpoints(int size) {
		return IntStream.range(0, size).mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i, Map.of())).toList();
	}

	static ServiceEndpoint endpoint(String id, int port, Map<String, String> metadata) {
		return new ServiceEndpoint(id, "user-service", "127.0.0.1", port, metadata, 1);
	}

	static Node node(Target target, int index) {
		return target.node(endpoint(Integer.toString(index), 8000 + index, Map.of()));
	}

	static void fail(Target target, int index, int times) {
		Node node = node(target, index);
		for (int i = 0; i < times; i++) {
			node.started();
			target.failed(node);
		}
	}

	static void outcome(Target target, int index, boolean failed) {
		node(target, index).started();
		if (failed) {
			target.failed(node(target, index));
		}
		else {
			node(target, index).succeeded();
		}
	}

	void advance(Target target, Duration time) {
		clock.addAndGet(time.toNanos());
		target.tick();
	}

	static Set<String> chosen(Target target, int size) {
		return chosen(target, endpoints(size), Hash.NO_KEY, CanaryWish.NONE);
	}

	static Set<String> chosen(Target target, List<ServiceEndpoint> endpoints, long key, CanaryWish wish) {
		Balancer balancer = target.balancer(target.byNode(endpoints));
		List<Member> members = balancer.members();
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < 4 * endpoints.size(); i++) {
			ids.add(members.get(balancer.pick(key, wish)).node().id());
		}
		return ids;
	}

}
