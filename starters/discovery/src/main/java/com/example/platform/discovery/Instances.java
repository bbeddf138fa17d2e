package com.example.platform.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.example.platform.consul.Check;
import com.example.platform.consul.HealthEntry;
import com.example.platform.consul.HealthEntry.Service;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What Consul says of a service.
 *
 * @param available those that get calls
 * @param missedByProbes those that only Consul's probes are against
 * @param unavailable by instance id, what is against it; whom only probes miss is among
 * them, too
 * @param unusable the ids of those whose address leads nowhere
 */
record Instances(List<ServiceEndpoint> available, List<ServiceEndpoint> missedByProbes, Map<String, String> unavailable,
		Set<String> unusable) {

	private static final Log log = LogFactory.getLog(Instances.class);

	// Checks by which the agent probes the instance, unlike those that the instance
	// itself reports, and unlike maintenance.
	private static final Set<String> PROBES = Set.of("http", "grpc", "tcp");

	private static final int LONGEST_REASON = 200;

	static Instances of(List<ServiceEndpoint> available) {
		return new Instances(available, List.of(), Map.of(), Set.of());
	}

	static Instances read(List<HealthEntry> entries) {
		List<ServiceEndpoint> available = new ArrayList<>();
		List<ServiceEndpoint> missedByProbes = new ArrayList<>();
		Map<String, String> unavailable = new HashMap<>();
		Set<String> unusable = new HashSet<>();
		for (HealthEntry entry : entries) {
			String id = entry.service().id();
			Optional<Check> critical = entry.worst().filter(Check::isCritical);
			ServiceEndpoint endpoint = endpoint(entry, critical.isEmpty() && !entry.isPassing());
			if (!ServiceEndpoint.isUsable(endpoint.host())) {
				unavailable.put(id, "unusable address: '" + endpoint.host() + "'");
				unusable.add(id);
			}
			else if (critical.isPresent()) {
				unavailable.put(id, reason(critical.get()));
				if (entry.checks().stream().filter(Check::isCritical).map(Check::type).allMatch(PROBES::contains)) {
					missedByProbes.add(endpoint);
				}
			}
			else {
				available.add(endpoint);
			}
		}
		return new Instances(available, missedByProbes, unavailable, unusable);
	}

	List<ServiceEndpoint> unknownOf(List<ServiceEndpoint> endpoints) {
		Set<String> known = new HashSet<>(unavailable.keySet());
		available.forEach((endpoint) -> known.add(endpoint.instanceId()));
		return endpoints.stream().filter((endpoint) -> !known.contains(endpoint.instanceId())).toList();
	}

	private static ServiceEndpoint endpoint(HealthEntry entry, boolean warns) {
		Service service = entry.service();
		int weight = weight(service.id(), service.metadata(),
				warns ? service.weights().warning() : service.weights().passing());
		return new ServiceEndpoint(service.id(), service.name(), entry.host(), service.port(), service.metadata(),
				weight);
	}

	private static String reason(Check check) {
		String output = check.output().strip();
		String text = output.isEmpty() ? check.notes() : output;
		boolean maintenance = check.id().startsWith("_node_maintenance")
				|| check.id().startsWith("_service_maintenance");
		String reason = maintenance ? "maintenance: " + text : "critical: " + check.id() + ": " + text;
		return (reason.length() > LONGEST_REASON) ? reason.substring(0, LONGEST_REASON) : reason;
	}

	private static int weight(String id, Map<String, String> metadata, int weightInConsul) {
		String own = metadata.get(ServiceEndpoint.WEIGHT);
		if (own != null) {
			try {
				return Math.max(0, Integer.parseInt(own));
			}
			catch (NumberFormatException ex) {
				log.warn("Instance " + id + " is registered with the weight '" + own
						+ "', which is not a whole number. Consul's own weight of it counts instead.");
			}
		}
		return Math.max(0, weightInConsul);
	}

}
