package com.example.platform.loadbalancing.grpc;

import java.util.List;
import java.util.Map;

import com.example.platform.grpc.resolver.ServiceConfigs;
import com.example.platform.loadbalancing.CalledServices;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver.ConfigOrError;

/**
 * Offers gRPC the policy {@value #POLICY}, which balances as configured for the called
 * service. gRPC's registry is one for the whole process; the policy stands there until
 * this is closed.
 */
public final class CalledServiceLoadBalancerProvider extends LoadBalancerProvider implements AutoCloseable {

	/**
	 * The name that a channel chooses the policy by.
	 */
	public static final String POLICY = "platform";

	private final CalledServices services;

	/**
	 * Creates a provider and registers it.
	 * @param services the services that this process calls
	 */
	public CalledServiceLoadBalancerProvider(CalledServices services) {
		this.services = services;
		LoadBalancerRegistry.getDefaultRegistry().register(this);
	}

	@Override
	public void close() {
		LoadBalancerRegistry.getDefaultRegistry().deregister(this);
	}

	/**
	 * Returns what has every channel whose target is {@code discovery:///<service>}
	 * balanced by this policy, whatever policy its builder was given.
	 * @return the same config for all services
	 */
	public ServiceConfigs serviceConfigs() {
		Map<String, ?> config = Map.of("loadBalancingConfig", List.of(Map.of(POLICY, Map.of())));
		return (service) -> config;
	}

	@Override
	public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
		return new CalledServiceLoadBalancer(helper, services);
	}

	@Override
	public boolean isAvailable() {
		return true;
	}

	@Override
	public int getPriority() {
		return 5;
	}

	@Override
	public String getPolicyName() {
		return POLICY;
	}

	// All that can be configured follows the configuration of the service, live.
	@Override
	public ConfigOrError parseLoadBalancingPolicyConfig(Map<String, ?> rawConfig) {
		return ConfigOrError.fromConfig(POLICY);
	}

}
