package com.example.configserver.release.fleet;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.HealthEntry;
import com.example.platform.discovery.ServiceEndpoint;

/**
 * The registered instances of some services, healthy or not, as Consul told of them last:
 * asking for them does not wait for Consul. Thread-safe.
 */
final class Registry implements AutoCloseable {

	private final Consul consul;

	private final Runnable changed;

	private final Map<String, BlockingQuery> watches = new ConcurrentHashMap<>();

	private final Map<String, List<Instance>> instances = new ConcurrentHashMap<>();

	/**
	 * Creates a registry that follows no service.
	 * @param changed called on Consul's watch thread when instances come, go or move
	 */
	Registry(Consul consul, Runnable changed) {
		this.consul = consul;
		this.changed = changed;
	}

	/**
	 * Follows these services, and no others any more. Called on Consul's watch thread.
	 */
	void follow(Set<String> services) {
		watches.forEach((service, watch) -> {
			if (!services.contains(service)) {
				watch.close();
			}
		});
		watches.keySet().retainAll(services);
		instances.keySet().retainAll(services);
		services.forEach((service) -> watches.computeIfAbsent(service, this::watch));
	}

	private BlockingQuery watch(String service) {
		return consul.health().watch(service, (answer) -> {
			List<Instance> told = answer.body().stream().map(Registry::instance).toList();
			// It also tells of each word that a check says.
			if (!told.equals(instances.put(service, told))) {
				changed.run();
			}
		});
	}

	/** Tells whether Consul has told of a service. */
	boolean knows(String service) {
		return instances.containsKey(service);
	}

	List<Instance> instances(String service) {
		return instances.getOrDefault(service, List.of());
	}

	@Override
	public void close() {
		watches.values().forEach(BlockingQuery::close);
	}

	private static Instance instance(HealthEntry entry) {
		Map<String, String> metadata = entry.service().metadata();
		String host = entry.host();
		String managementPort = metadata.getOrDefault(ServiceEndpoint.MANAGEMENT_PORT, "");
		return new Instance(entry.service().id(),
				(host.contains(":") ? "[" + host + "]" : host) + ":"
						+ (managementPort.isEmpty() ? entry.service().port() : managementPort),
				metadata.getOrDefault(ServiceEndpoint.ZONE, ""), metadata.getOrDefault(ServiceEndpoint.VERSION, ""));
	}

	/**
	 * A registered instance.
	 *
	 * @param id unique in the registry
	 * @param address host and port at which it answers for its actuator
	 * @param zone its zone; empty for none
	 * @param version its version; empty for none
	 */
	record Instance(String id, String address, String zone, String version) {
	}

}
