package com.example.platform.loadbalancing.actuate;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceView;
import com.example.platform.loadbalancing.InstanceView;
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

	private final ServiceDirectory directory;

	/**
	 * Creates the endpoint.
	 * @param targets what it shows
	 * @param directory knows why Consul takes instances out
	 */
	public LoadBalancingEndpoint(Targets targets, ServiceDirectory directory) {
		this.targets = targets;
		this.directory = directory;
	}

	/**
	 * Describes all targets.
	 * @return the targets by name
	 */
	@ReadOperation
	public List<TargetView> targets() {
		return targets.all().stream().sorted(Comparator.comparing(Target::service)).map(this::view).toList();
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
			.map(this::view)
			.findFirst()
			.orElse(null);
	}

	private TargetView view(Target target) {
		ServiceView listed = directory.view(target.service());
		return new TargetView(target.service(), target.settings(), target.view(), listed.unavailable(), listed.index(),
				listed.age());
	}

	/**
	 * A target as the endpoint shows it.
	 *
	 * @param service the service's name
	 * @param settings how calls are balanced
	 * @param instances what is known of each instance that Consul passes on
	 * @param unavailable what Consul has against instances, by instance
	 * @param index Consul's index of the list
	 * @param age time since Consul last answered
	 */
	public record TargetView(String service, TargetSettings settings, List<InstanceView> instances,
			Map<String, String> unavailable, long index, Duration age) {
	}

}
