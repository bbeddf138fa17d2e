package com.example.platform.loadbalancing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.policy.Hash;

/**
 * The part of a large fleet that one process uses. It follows from the names of process
 * and instances alone, by rendezvous hashing, so that it changes little when instances
 * come and go (gRFC A68). Canaries and the others are each cut down, the near ones of
 * them if these are enough.
 */
final class Subset {

	private final long self;

	/**
	 * Creates the subset of a process.
	 * @param self unique name of the process
	 */
	Subset(String self) {
		this.self = Hash.of(self);
	}

	List<ServiceEndpoint> of(List<ServiceEndpoint> endpoints, BalancingSettings settings) {
		if (settings.subsetSize() <= 0 || endpoints.size() <= settings.subsetSize()) {
			return endpoints;
		}
		Map<Boolean, List<ServiceEndpoint>> sides = endpoints.stream()
			.collect(Collectors.partitioningBy((endpoint) -> settings.canary().has(endpoint.metadata())));
		return sides.values().stream().flatMap((side) -> some(side, settings)).toList();
	}

	private Stream<ServiceEndpoint> some(List<ServiceEndpoint> side, BalancingSettings settings) {
		return settings.zone()
			.nearest(side, Subset::zone)
			.stream()
			.sorted(Comparator.comparingLong((endpoint) -> Hash.mix(self ^ Hash.of(endpoint.instanceId()))))
			.limit(settings.subsetSize());
	}

	static String zone(ServiceEndpoint endpoint) {
		return endpoint.metadata().getOrDefault(ServiceEndpoint.ZONE, "");
	}

}
