package com.example.platform.discovery.registration;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import com.example.platform.consul.Check;
import com.example.platform.consul.HealthEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.cloud.consul.model.http.agent.NewService;

/**
 * What an instance registers.
 *
 * @param service the entry, with the HTTP check of its readiness if there is one
 * @param grpcHealthPort the port of the gRPC health service; {@code null} without one
 * @param weight share of the calls, at least 0
 */
record Registration(NewService service, @Nullable Integer grpcHealthPort, int weight) {

	private static final JsonMapper JSON = new JsonMapper();

	// A start or a drain longer than this is taken for an instance that was lost.
	private static final String LIFECYCLE_CRITICAL_TIMEOUT = "10m";

	// The first connection to a server that has just started may take more than a second
	// on a busy machine. A process that hangs as a whole fails the readiness check
	// before.
	private static final String GRPC_TIMEOUT = "3s";

	String lifecycleCheckId() {
		return service.getId() + ":lifecycle";
	}

	// Before the instance is ready the other checks could only fail, and Consul would
	// notice up to an interval late that they pass. So they come with readiness, passing
	// until they have run: the lifecycle check decides alone.
	Map<String, ObjectNode> checks(InstanceLifecycle lifecycle) {
		boolean ready = lifecycle.wasReady();
		Map<String, ObjectNode> checks = new LinkedHashMap<>();
		// Consul tells a new output at once only together with a new status; notes it
		// tells
		// with the registration.
		add(checks, lifecycleCheckId(), "Lifecycle",
				JSON.createObjectNode()
					.put("Notes", ready ? "" : "starting")
					.put("TTL", "30s")
					.put("Status", lifecycle.report().status().toString())
					.put("DeregisterCriticalServiceAfter", LIFECYCLE_CRITICAL_TIMEOUT));
		if (ready && service.getCheck() != null) {
			ObjectNode readiness = JSON.valueToTree(service.getCheck());
			add(checks, service.getId() + ":readiness", "Readiness over HTTP", readiness.put("Status", "passing"));
		}
		if (ready && grpcHealthPort != null) {
			add(checks, service.getId() + ":grpc", "Health over gRPC",
					JSON.createObjectNode()
						.put("GRPC", service.getAddress() + ":" + grpcHealthPort)
						.put("GRPCUseTLS", false)
						.put("Interval", "1s")
						.put("Timeout", GRPC_TIMEOUT)
						.put("Status", "passing"));
		}
		return checks;
	}

	String json(InstanceLifecycle lifecycle) {
		ObjectNode entry = JSON.valueToTree(service);
		entry.remove("Check");
		ArrayNode checks = entry.putArray("Checks");
		checks(lifecycle).values().forEach(checks::add);
		// Consul accepts no passing weight below 1; the metadata holds the exact one.
		int atLeastOne = Math.max(1, weight);
		entry.putObject("Weights").put("Passing", atLeastOne).put("Warning", atLeastOne);
		return entry.toString();
	}

	/**
	 * Tells whether what Consul has is what there should be.
	 */
	boolean isCurrent(Collection<Check> checks, InstanceLifecycle lifecycle) {
		Map<String, Check.Status> statuses = new HashMap<>();
		checks.forEach((check) -> statuses.put(check.id(), check.status()));
		return statuses.keySet().containsAll(checks(lifecycle).keySet())
				&& statuses.get(lifecycleCheckId()) == lifecycle.report().status();
	}

	/**
	 * Tells the same of an entry in the catalog. That of a node that crashed stays there,
	 * where nobody counts it any more.
	 */
	boolean isCurrent(HealthEntry entry, InstanceLifecycle lifecycle) {
		return isCurrent(entry.checks(), lifecycle)
				&& entry.checks().stream().noneMatch((check) -> check.id().equals("serfHealth") && check.isCritical());
	}

	private static void add(Map<String, ObjectNode> checks, String id, String name, ObjectNode check) {
		checks.put(id, check.put("CheckID", id).put("Name", name));
	}

}
