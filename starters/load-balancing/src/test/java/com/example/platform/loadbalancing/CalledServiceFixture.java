package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.BalancingSettings.Canary;
import com.example.platform.loadbalancing.BalancingSettings.Ejection;
import com.example.platform.loadbalancing.BalancingSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;
import org.jspecify.annotations.Nullable;

/**
 * What tests of a called service share: settings, instances, and a clock that stands
 * until it is set.
 */
abstract class CalledServiceFixture {

	static final Ejection EJECTION = new Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
			Duration.ofMinutes(1), 0.5);

	static final Zone ANYWHERE = new Zone(null, 1, 0.5);

	static final Canary NO_CANARY = new Canary(null, "true", 0);

	static final BalancingSettings SETTINGS = settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 0);

	final AtomicLong clock = new AtomicLong(1);

	static BalancingSettings settings(PolicyName policy, Duration slowStart, Zone zone, Canary canary, int subsetSize) {
		return new BalancingSettings(policy, PolicyOptions.DEFAULTS, null, slowStart, zone, canary, subsetSize,
				EJECTION);
	}

	static BalancingSettings ejecting(Ejection ejection) {
		return new BalancingSettings(PolicyName.ROUND_ROBIN, PolicyOptions.DEFAULTS, null, Duration.ZERO, ANYWHERE,
				NO_CANARY, 0, ejection);
	}

	CalledService service(BalancingSettings settings, List<ServiceEndpoint> endpoints) {
		CalledService service = new CalledService("user-service", "gateway-1", settings, clock::get,
				new SplittableRandom(1), Runnable::run);
		service.update(endpoints);
		return service;
	}

	static List<ServiceEndpoint> endpoints(int size) {
		return IntStream.range(0, size).mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i, Map.of())).toList();
	}

	static ServiceEndpoint endpoint(String id, int port, Map<String, String> metadata) {
		return new ServiceEndpoint(id, "user-service", "127.0.0.1", port, metadata, 1);
	}

	static Node node(CalledService service, int index) {
		return service.node(endpoint(Integer.toString(index), 8000 + index, Map.of()));
	}

	static void fail(CalledService service, int index, int times) {
		Node node = node(service, index);
		for (int i = 0; i < times; i++) {
			node.started();
			service.failed(node);
		}
	}

	static void outcome(CalledService service, int index, boolean failed) {
		node(service, index).started();
		if (failed) {
			service.failed(node(service, index));
		}
		else {
			node(service, index).succeeded();
		}
	}

	void advance(CalledService service, Duration time) {
		clock.addAndGet(time.toNanos());
		service.tick();
	}

	static Set<String> chosen(CalledService service, int size) {
		return chosen(service, endpoints(size), Hash.NO_KEY, CanaryWish.NONE);
	}

	static Set<String> chosen(CalledService service, List<ServiceEndpoint> endpoints, long key, CanaryWish wish) {
		Balancer<ServiceEndpoint> balancer = balancer(service, endpoints);
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < 4 * endpoints.size(); i++) {
			ids.add(pick(balancer, key, wish));
		}
		return ids;
	}

	static Balancer<ServiceEndpoint> balancer(CalledService service, List<ServiceEndpoint> endpoints) {
		return service.balancer(endpoints.stream()
			.map((endpoint) -> new Member<>(service.node(endpoint), endpoint, endpoint))
			.toList());
	}

	static String pick(Balancer<ServiceEndpoint> balancer, long key, CanaryWish wish) {
		return id(balancer.pick(key, wish));
	}

	static String id(@Nullable Member<ServiceEndpoint> member) {
		return Objects.requireNonNull(member).destination().instanceId();
	}

}
