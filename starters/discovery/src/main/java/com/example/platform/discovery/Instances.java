package com.example.platform.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.example.platform.consul.Consul.Answer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

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

	private static final JsonMapper JSON = new JsonMapper();

	private static final String PASSING = "passing";

	private static final String WARNING = "warning";

	private static final String CRITICAL = "critical";

	// Checks by which the agent probes the instance, unlike those that the instance
	// itself reports, and unlike maintenance.
	private static final Set<String> PROBES = Set.of("http", "grpc", "tcp");

	private static final int LONGEST_REASON = 200;

	static Instances of(List<ServiceEndpoint> available) {
		return new Instances(available, List.of(), Map.of(), Set.of());
	}

	/**
	 * Reads Consul's answer. What is no list of instances is refused, or half an answer
	 * would pass for a service without any.
	 */
	static Instances parse(Answer answer) {
		JsonNode list = JSON.readTree((answer.body() != null) ? answer.body() : "");
		if (!list.isArray()) {
			throw new IllegalArgumentException("Consul's answer is no list of instances");
		}
		List<ServiceEndpoint> available = new ArrayList<>();
		List<ServiceEndpoint> missedByProbes = new ArrayList<>();
		Map<String, String> unavailable = new HashMap<>();
		Set<String> unusable = new HashSet<>();
		for (JsonNode entry : list) {
			JsonNode service = entry.path("Service");
			String id = service.path("ID").asString("");
			if (id.isEmpty()) {
				throw new IllegalArgumentException("Consul's answer has an instance without an id");
			}
			JsonNode worst = worst(entry.path("Checks"));
			String status = worst.path("Status").asString(PASSING);
			boolean critical = status.equals(CRITICAL);
			ServiceEndpoint endpoint = endpoint(entry, service, id, critical ? PASSING : status);
			if (!ServiceEndpoint.isUsable(endpoint.host())) {
				unavailable.put(id, "unusable address: '" + endpoint.host() + "'");
				unusable.add(id);
			}
			else if (critical) {
				unavailable.put(id, reason(worst));
				if (isMissedByProbesOnly(entry.path("Checks"))) {
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

	private static boolean isMissedByProbesOnly(JsonNode checks) {
		for (JsonNode check : checks) {
			if (check.path("Status").asString().equals(CRITICAL) && !PROBES.contains(check.path("Type").asString(""))) {
				return false;
			}
		}
		return true;
	}

	private static ServiceEndpoint endpoint(JsonNode entry, JsonNode service, String id, String status) {
		String address = service.path("Address").asString("");
		Map<String, String> metadata = new HashMap<>();
		service.path("Meta").forEachEntry((key, value) -> metadata.put(key, value.asString()));
		int weight = weight(id, metadata,
				service.path("Weights").path(status.equals(WARNING) ? "Warning" : "Passing").asInt(1));
		return new ServiceEndpoint(id, service.path("Service").asString(""),
				address.isEmpty() ? entry.path("Node").path("Address").asString() : address,
				service.path("Port").asInt(), metadata, weight);
	}

	// Maintenance is a critical check too, of the node or of the service.
	private static JsonNode worst(JsonNode checks) {
		JsonNode worst = MissingNode.getInstance();
		for (JsonNode check : checks) {
			String status = check.path("Status").asString();
			if (status.equals(CRITICAL)) {
				return check;
			}
			if (status.equals(WARNING)) {
				worst = check;
			}
		}
		return worst;
	}

	private static String reason(JsonNode check) {
		String id = check.path("CheckID").asString();
		String output = check.path("Output").asString("").strip();
		String text = output.isEmpty() ? check.path("Notes").asString("") : output;
		boolean maintenance = id.startsWith("_node_maintenance") || id.startsWith("_service_maintenance");
		String reason = maintenance ? "maintenance: " + text : "critical: " + id + ": " + text;
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
