package com.example.platform.loadbalancing.actuate;

import java.util.Comparator;
import java.util.List;

import com.example.platform.loadbalancing.Target;
import com.example.platform.loadbalancing.TargetSettings;
import com.example.platform.loadbalancing.Targets;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Actuator endpoint {@code loadbalancing}: for each target service that this process
 * calls, how calls are balanced and what is known of each instance.
 */
@Endpoint(id = "loadbalancing")
public final class LoadBalancingEndpoint {

	private final Targets targets;

	/**
	 * Creates the endpoint.
	 * @param targets what it shows
	 */
	public LoadBalancingEndpoint(Targets targets) {
		this.targets = targets;
	}

	/**
	 * Describes all targets.
	 * @return the targets by name
	 */
	@ReadOperation
	public List<TargetView> targets() {
		return targets.all()
			.stream()
			.sorted(Comparator.comparing(Target::service))
			.map(LoadBalancingEndpoint::view)
			.toList();
	}

	/**
	 * Describes one target.
	 * @param service the service's name
	 * @return the target; {@code null} if it was never called
	 */
	@ReadOperation
	public @Nullable TargetView target(@Selector String service) {
		return targets.all()
			.stream()
			.filter((target) -> target.service().equals(service))
			.map(LoadBalancingEndpoint::view)
			.findFirst()
			.orElse(null);
	}

	private static TargetView view(Target target) {
		return new TargetView(target.service(), target.settings(), target.view());
	}

	/**
	 * A target as the endpoint shows it.
	 *
	 * @param service the service's name
	 * @param settings how calls are balanced
	 * @param instances what is known of each instance
	 */
	public record TargetView(String service, TargetSettings settings, List<Target.InstanceView> instances) {
	}

}
