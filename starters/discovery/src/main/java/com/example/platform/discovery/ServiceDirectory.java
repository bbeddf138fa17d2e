package com.example.platform.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The instances of each service. Those are available of whose checks, the node's
 * included, none is critical; with one that warns, an instance counts with Consul's
 * weight for that. When that leaves nobody, those are available whom only Consul's probes
 * miss: a machine that is busy lets probes time out, and a call that may fail is better
 * than one that must (Envoy's documentation calls it panic threshold). The first question
 * about a service starts one watch on it, which then serves everybody in this process:
 * all gRPC channels and all HTTP callers. While Consul is away the last known list stays;
 * when it is back, those of the list whom it does not know any more stay for a grace:
 * they may only not have registered again yet.
 *
 * <p>
 * Safe for use by several threads. Listeners are called one at a time, on whatever
 * thread, and must not block.
 */
public final class ServiceDirectory implements AutoCloseable {

	private static final Log log = LogFactory.getLog(ServiceDirectory.class);

	private static final String PASSING = "passing";

	private static final String WARNING = "warning";

	private static final String CRITICAL = "critical";

	// Checks by which the agent probes the instance, unlike those that the instance
	// itself
	// reports, and unlike maintenance.
	private static final Set<String> PROBES = Set.of("http", "grpc", "tcp");

	private static final int LONGEST_REASON = 200;

	private final Consul consul;

	private final Duration outageGrace;

	private final JsonMapper json = new JsonMapper();

	private final Map<String, WatchedService> services = new ConcurrentHashMap<>();

	private final List<Consumer<String>> watchListeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates a directory that watches nothing yet.
	 * @param consul the agent to ask
	 * @param outageGrace how long instances stay available that Consul does not know any
	 * more when it comes back from an outage
	 */
	public ServiceDirectory(Consul consul, Duration outageGrace) {
		this.consul = consul;
		this.outageGrace = outageGrace;
	}

	/**
	 * Tells a listener the available instances of a service: at once if they are known,
	 * and after each change. Must not be called with a lock held that any listener of the
	 * service takes: listeners are called with a lock of the directory held, which this
	 * method takes too, so that the two would wait for each other.
	 * @param service the service's name
	 * @param listener gets lists ordered by instance id, possibly empty
	 * @return ends the subscription when closed
	 */
	public Subscription subscribe(String service, Consumer<List<ServiceEndpoint>> listener) {
		return watched(service).subscribe(listener);
	}

	/**
	 * Returns the available instances of a service.
	 * @param service the service's name
	 * @return the list as last known, already complete unless this is the first question
	 * about the service; it completes when Consul answers for the first time
	 */
	public CompletableFuture<List<ServiceEndpoint>> instances(String service) {
		return watched(service).instances;
	}

	/**
	 * Ends all watches.
	 */
	@Override
	public void close() {
		services.values().forEach(WatchedService::close);
	}

	/**
	 * Returns what is known of a service, the unavailable instances and the reasons
	 * included.
	 * @param service the service's name; it is watched from now on
	 * @return the present state
	 */
	public ServiceView view(String service) {
		return watched(service).view();
	}

	/**
	 * Returns what is known of each watched service.
	 * @return the present state, ordered by name
	 */
	public List<ServiceView> views() {
		return services.values()
			.stream()
			.map(WatchedService::view)
			.sorted(Comparator.comparing(ServiceView::service))
			.toList();
	}

	/**
	 * Tells a listener which services are watched: those so far at once, each other one
	 * when the first question about it is asked.
	 * @param listener gets names of services, possibly the same one more than once
	 */
	public void onWatch(Consumer<String> listener) {
		watchListeners.add(listener);
		services.keySet().forEach(listener);
	}

	private WatchedService watched(String service) {
		WatchedService watched = services.get(service);
		if (watched == null) {
			watched = services.computeIfAbsent(service, WatchedService::new);
			watchListeners.forEach((listener) -> listener.accept(service));
		}
		return watched;
	}

	private Instances parse(Answer answer) {
		List<ServiceEndpoint> available = new ArrayList<>();
		List<ServiceEndpoint> missedByProbes = new ArrayList<>();
		Map<String, String> unavailable = new HashMap<>();
		for (JsonNode entry : json.readTree((answer.body() != null) ? answer.body() : "[]")) {
			JsonNode service = entry.path("Service");
			String id = service.path("ID").asString();
			JsonNode worst = worst(entry.path("Checks"));
			String status = worst.path("Status").asString(PASSING);
			if (status.equals(CRITICAL)) {
				unavailable.put(id, reason(worst));
				if (isMissedByProbesOnly(entry.path("Checks"))) {
					missedByProbes.add(endpoint(entry, service, id, PASSING));
				}
			}
			else {
				available.add(endpoint(entry, service, id, status));
			}
		}
		return new Instances(available, missedByProbes, unavailable);
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
		return new ServiceEndpoint(id, service.path("Service").asString(),
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

	/**
	 * A listener's place in the directory.
	 */
	@FunctionalInterface
	public interface Subscription extends AutoCloseable {

		/**
		 * Ends the subscription.
		 */
		@Override
		void close();

	}

	/**
	 * What Consul says of a service. Whom only probes miss is among the unavailable too.
	 */
	private record Instances(List<ServiceEndpoint> available, List<ServiceEndpoint> missedByProbes,
			Map<String, String> unavailable) {

		private List<ServiceEndpoint> unknownOf(List<ServiceEndpoint> endpoints) {
			Set<String> known = new HashSet<>(unavailable.keySet());
			available.forEach((endpoint) -> known.add(endpoint.instanceId()));
			return endpoints.stream().filter((endpoint) -> !known.contains(endpoint.instanceId())).toList();
		}

	}

	private final class WatchedService {

		private final List<Consumer<List<ServiceEndpoint>>> listeners = new CopyOnWriteArrayList<>();

		private final String service;

		private final BlockingQuery watch;

		// What Consul said last, which is not all that applies while the grace runs.
		private Instances latest = new Instances(List.of(), List.of(), Map.of());

		// Those of before the outage whom Consul has not known since. Whom it knows again
		// counts as it says from then on, also when the entry goes once more.
		private List<ServiceEndpoint> awaited = List.of();

		private long graceEnd;

		private boolean lastResort;

		private volatile CompletableFuture<List<ServiceEndpoint>> instances = new CompletableFuture<>();

		private WatchedService(String service) {
			this.service = service;
			watch = consul.watch("/v1/health/service/" + service, this::changed);
		}

		private synchronized void changed(Answer answer) {
			latest = parse(answer);
			awaited = latest.unknownOf(answer.afterOutage() ? known() : awaited);
			if (answer.afterOutage() && !awaited.isEmpty()) {
				log.warn("Consul came back without " + awaited.size() + " of the instances of " + service
						+ "; they stay in use for up to " + outageGrace.toSeconds() + " s");
				graceEnd = System.nanoTime() + outageGrace.toNanos();
				CompletableFuture.delayedExecutor(outageGrace.toNanos(), TimeUnit.NANOSECONDS).execute(this::endGrace);
			}
			apply();
		}

		private synchronized void endGrace() {
			// Another outage may have begun a new one.
			if (System.nanoTime() - graceEnd >= 0) {
				awaited = List.of();
				apply();
			}
		}

		// With the lock held, so that all listeners hear all lists in the same order.
		private synchronized void apply() {
			List<ServiceEndpoint> regular = Stream.concat(latest.available().stream(), awaited.stream()).toList();
			boolean nobodyElse = regular.isEmpty() && !latest.missedByProbes().isEmpty();
			if (nobodyElse && !lastResort) {
				log.warn("Consul's probes miss every instance of " + service + "; calls go to them nevertheless: "
						+ latest.unavailable());
			}
			lastResort = nobodyElse;
			List<ServiceEndpoint> next = (lastResort ? latest.missedByProbes() : regular).stream()
				.sorted(Comparator.comparing(ServiceEndpoint::instanceId))
				.toList();
			if (instances.isDone() && next.equals(known())) {
				return;
			}
			if (!instances.complete(next)) {
				instances = CompletableFuture.completedFuture(next);
			}
			listeners.forEach((listener) -> listener.accept(next));
		}

		private synchronized Subscription subscribe(Consumer<List<ServiceEndpoint>> listener) {
			listeners.add(listener);
			if (instances.isDone()) {
				listener.accept(known());
			}
			return () -> listeners.remove(listener);
		}

		private synchronized ServiceView view() {
			return new ServiceView(service, known(), latest.unavailable(), watch.index(), watch.age());
		}

		private List<ServiceEndpoint> known() {
			return instances.getNow(List.of());
		}

		private void close() {
			watch.close();
		}

	}

}
