package com.example.platform.discovery.springcloud;

import java.time.Duration;
import java.util.List;

import com.example.platform.discovery.ServiceDirectory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/**
 * Supplies Spring Cloud LoadBalancer with the instances that the directory knows at this
 * moment: a look-up in memory, so that there is nothing to cache and nothing to be stale.
 */
public final class DirectoryInstanceListSupplier implements ServiceInstanceListSupplier {

	// Only the first question about a service waits for Consul; a caller must not wait
	// for ever when that is away.
	private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);

	private final String serviceId;

	private final ServiceDirectory directory;

	private final HttpInstances instances = new HttpInstances();

	/**
	 * Creates a supplier.
	 * @param serviceId the service whose instances are supplied
	 * @param directory the source of instances
	 */
	public DirectoryInstanceListSupplier(String serviceId, ServiceDirectory directory) {
		this.serviceId = serviceId;
		this.directory = directory;
	}

	@Override
	public String getServiceId() {
		return serviceId;
	}

	@Override
	public Flux<List<ServiceInstance>> get() {
		// The directory's own future must survive a caller that gives up waiting.
		return Mono.fromFuture(() -> directory.instances(serviceId), true)
			.timeout(FIRST_ANSWER, Mono.just(List.of()))
			.map((endpoints) -> instances.usable(endpoints).stream().map(HttpInstances::of).toList())
			.flux();
	}

}
