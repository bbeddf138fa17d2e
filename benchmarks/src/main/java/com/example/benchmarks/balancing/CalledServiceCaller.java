package com.example.benchmarks.balancing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import com.example.benchmarks.balancing.Contender.Instance;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.BalancingSettings;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

/**
 * Calls as the adapters for gRPC and HTTP make them: hash the key if the policy wants
 * one, choose by a service's balancer, and note beginning, first answer and end at the
 * node, which reads the clock twice. All policies pay for all of it, since metrics and
 * ejection need it whatever the policy.
 */
final class CalledServiceCaller implements Caller {

	private final CalledService service;

	private final Map<Node, Integer> ids = new HashMap<>();

	private final boolean keyed;

	private volatile Balancer<ServiceEndpoint> balancer;

	CalledServiceCaller(PolicyName policy, PolicyOptions options, boolean ejection, List<Instance> fleet,
			LongSupplier nanoTime, RandomGenerator random) {
		this.service = new CalledService("user-service", "benchmark", settings(policy, options, ejection), nanoTime,
				random, Runnable::run);
		List<ServiceEndpoint> endpoints = fleet.stream().map(CalledServiceCaller::endpoint).toList();
		this.keyed = policy.goesByKey();
		service.update(endpoints);
		fleet.forEach((instance) -> ids.put(service.node(endpoint(instance)), instance.id()));
		List<Member<ServiceEndpoint>> members = endpoints.stream()
			.map((endpoint) -> new Member<>(service.node(endpoint), endpoint, endpoint))
			.toList();
		balancer = service.balancer(members);
		var unused = service.subscribe(() -> balancer = service.balancer(members));
	}

	@Override
	public Object call(Request request) {
		Node node = choose(request);
		long startedAt = node.started();
		node.responded(startedAt);
		node.succeeded();
		return node;
	}

	@Override
	public Call begin(Request request) {
		Node node = choose(request);
		return new NodeCall(node, node.started());
	}

	@Override
	public void tick() {
		service.tick();
	}

	@Override
	public Node choose(Request request) {
		return Objects.requireNonNull(balancer.pick(keyed ? Hash.of(request.key()) : Hash.NO_KEY, CanaryWish.NONE))
			.node();
	}

	private static ServiceEndpoint endpoint(Instance instance) {
		return new ServiceEndpoint("user-service-" + instance.id(), "user-service", "127.0.0.1", 10_000 + instance.id(),
				Map.of(), instance.weight());
	}

	private static BalancingSettings settings(PolicyName policy, PolicyOptions options, boolean ejection) {
		return new BalancingSettings(policy, options, null, Duration.ZERO, new BalancingSettings.Zone(null, 1, 0.5),
				new BalancingSettings.Canary(null, "true", 0), 0, new BalancingSettings.Ejection(ejection, 5,
						Duration.ofSeconds(5), 20, Duration.ofSeconds(5), Duration.ofSeconds(60), 0.5));
	}

	private final class NodeCall implements Call {

		private final Node node;

		private final long startedAt;

		private NodeCall(Node node, long startedAt) {
			this.node = node;
			this.startedAt = startedAt;
		}

		@Override
		public int instance() {
			return ids.getOrDefault(node, -1);
		}

		@Override
		public void end(boolean failed) {
			if (failed) {
				service.failed(node);
			}
			else {
				node.responded(startedAt);
				node.succeeded();
			}
		}

	}

}
