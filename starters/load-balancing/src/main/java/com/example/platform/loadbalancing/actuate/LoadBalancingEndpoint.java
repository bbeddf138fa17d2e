package com.example.platform.loadbalancing.actuate;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceView;
import com.example.platform.loadbalancing.BalancingSettings;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Actuator endpoint {@code loadbalancing}: for each service that this process calls, how
 * calls are balanced and what is known of each instance.
 */
@Endpoint(id = "loadbalancing")
public final class LoadBalancingEndpoint {

	private final CalledServices services;

	private final ServiceDirectory directory;

	/**
	 * Creates the endpoint.
	 * @param services what it shows
	 * @param directory knows why Consul takes instances out
	 */
	public LoadBalancingEndpoint(CalledServices services, ServiceDirectory directory) {
		this.services = services;
		this.directory = directory;
	}

	/**
	 * Describes all services.
	 * @return the services by name
	 */
	@ReadOperation
	public List<BalancingView> services() {
		return services.all().stream().sorted(Comparator.comparing(CalledService::name)).map(this::view).toList();
	}

	/**
	 * Describes one service.
	 * @param service the service's name
	 * @return the service; {@code null} if it was never called
	 */
	@ReadOperation
	public @Nullable BalancingView service(@Selector String service) {
		return services.all()
			.stream()
			.filter((called) -> called.name().equals(service))
			.map(this::view)
			.findFirst()
			.orElse(null);
	}

	private BalancingView view(CalledService service) {
		ServiceView listed = directory.view(service.name());
		return new BalancingView(service.name(), service.settings(), service.view(), listed.unavailable(),
				listed.index(), listed.age());
	}

	/**
	 * A service as the endpoint shows it.
	 *
	 * @param service the service's name
	 * @param settings how calls are balanced
	 * @param instances what is known of each instance that Consul passes on
	 * @param unavailable what Consul has against instances, by instance
	 * @param index Consul's index of the list
	 * @param age time since Consul last answered
	 */
	public record BalancingView(String service, BalancingSettings settings, List<InstanceView> instances,
			Map<String, String> unavailable, long index, Duration age) {
	}

}
