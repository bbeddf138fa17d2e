package com.example.configserver.release.fleet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Json;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.discovery.ServiceEndpoint;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * The registered instances of some services, healthy or not, as Consul told of them last:
 * asking for them does not wait for Consul. Thread-safe.
 */
final class Registry implements AutoCloseable {

	private final Consul consul;

	private final Runnable changed;

	private final Map<String, BlockingQuery> watches = new ConcurrentHashMap<>();

	private final Map<String, List<Entry>> entries = new ConcurrentHashMap<>();

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
		entries.keySet().retainAll(services);
		services.forEach((service) -> watches.computeIfAbsent(service, this::watch));
	}

	private BlockingQuery watch(String service) {
		return consul.watch("/v1/health/service/" + UriUtils.encode(service, StandardCharsets.UTF_8),
				(answer) -> take(service, answer));
	}

	private void take(String service, Answer answer) {
		List<Entry> told = (answer.body() != null) ? Arrays.asList(Json.read(answer.body(), Entry[].class)) : List.of();
		// It also tells of each word that a check says.
		if (!told.equals(entries.put(service, told))) {
			changed.run();
		}
	}

	/** Tells whether Consul has told of a service. */
	boolean knows(String service) {
		return entries.containsKey(service);
	}

	List<Entry> instances(String service) {
		return entries.getOrDefault(service, List.of());
	}

	@Override
	public void close() {
		watches.values().forEach(BlockingQuery::close);
	}

	/** An instance, as Consul answers. */
	record Entry(@JsonProperty("Node") Machine machine, @JsonProperty("Service") Registration registration) {

		String id() {
			return registration.id;
		}

		Member member(InstanceReport report) {
			String own = registration.address;
			String host = (own != null && !own.isEmpty()) ? own : machine.address;
			String managementPort = metadata(ServiceEndpoint.MANAGEMENT_PORT);
			String address = (host.contains(":") ? "[" + host + "]" : host) + ":"
					+ (managementPort.isEmpty() ? registration.port : managementPort);
			return new Member(report, address, metadata(ServiceEndpoint.ZONE), metadata(ServiceEndpoint.VERSION));
		}

		private String metadata(String key) {
			return (registration.metadata != null) ? registration.metadata.getOrDefault(key, "") : "";
		}

	}

	private record Machine(@JsonProperty("Address") String address) {
	}

	private record Registration(@JsonProperty("ID") String id, @JsonProperty("Address") @Nullable String address,
			@JsonProperty("Port") int port, @JsonProperty("Meta") @Nullable Map<String, String> metadata) {
	}

}
