package com.example.platform.loadbalancing.grpc;

import java.util.List;
import java.util.Map;

import com.example.platform.discovery.ServiceDirectory.Subscription;
import com.example.platform.discovery.grpc.ServiceConfigs;

/**
 * Has every channel whose target is {@code discovery:///<service>} balanced by the policy
 * {@value CalledServiceLoadBalancerProvider#POLICY}, whatever policy its builder was
 * given.
 */
public final class PolicyServiceConfigs implements ServiceConfigs {

	private final Map<String, ?> config;

	/**
	 * Creates the config.
	 * @param provider offers the policy to gRPC
	 */
	public PolicyServiceConfigs(CalledServiceLoadBalancerProvider provider) {
		this.config = Map.of("loadBalancingConfig", List.of(Map.of(provider.getPolicyName(), Map.of())));
	}

	@Override
	public Map<String, ?> of(String service) {
		return config;
	}

	@Override
	public Subscription subscribe(Runnable listener) {
		return () -> {
		};
	}

}
