package com.example.benchmarks.balancing;

import java.util.List;
import java.util.function.BiFunction;

import com.example.benchmarks.balancing.Contender.Instance;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.cache.DefaultLoadBalancerCacheManager;
import org.springframework.cloud.loadbalancer.cache.LoadBalancerCacheProperties;
import org.springframework.cloud.loadbalancer.core.CachingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.RandomLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.ServiceInstanceListSuppliers;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;

/**
 * Calls balanced by Spring Cloud LoadBalancer over the cached list of instances that an
 * application gets by default. The discovery behind the cache is a list in memory.
 */
final class SpringCloudCaller implements Caller {

	private static final String SERVICE = "user-service";

	private static final int FIRST_PORT = 10_000;

	private final ReactorServiceInstanceLoadBalancer balancer;

	private SpringCloudCaller(List<Instance> fleet,
			BiFunction<ObjectProvider<ServiceInstanceListSupplier>, String, ReactorServiceInstanceLoadBalancer> create) {
		ServiceInstance[] instances = fleet.stream()
			.map((instance) -> new DefaultServiceInstance(SERVICE + "-" + instance.id(), SERVICE, "127.0.0.1",
					FIRST_PORT + instance.id(), false))
			.toArray(ServiceInstance[]::new);
		ServiceInstanceListSupplier cached = new CachingServiceInstanceListSupplier(
				ServiceInstanceListSuppliers.from(SERVICE, instances),
				new DefaultLoadBalancerCacheManager(new LoadBalancerCacheProperties()));
		this.balancer = create.apply(new SimpleObjectProvider<>(cached), SERVICE);
	}

	static Caller roundRobin(List<Instance> fleet) {
		return new SpringCloudCaller(fleet, RoundRobinLoadBalancer::new);
	}

	static Caller random(List<Instance> fleet) {
		return new SpringCloudCaller(fleet, RandomLoadBalancer::new);
	}

	@Override
	public Object choose(Request request) {
		return choose();
	}

	@Override
	public Object call(Request request) {
		return choose();
	}

	@Override
	public Call begin(Request request) {
		return new InstanceCall(choose().getPort() - FIRST_PORT);
	}

	private ServiceInstance choose() {
		Response<ServiceInstance> response = Mono.from(balancer.choose()).block();
		if (response == null || response.getServer() == null) {
			throw new IllegalStateException("Spring Cloud LoadBalancer chose nothing");
		}
		return response.getServer();
	}

	private record InstanceCall(int instance) implements Call {

		@Override
		public void end(boolean failed) {
			// Nobody asks.
		}

	}

}
