package com.example.platform.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The passing instances of each service. The first question about a service starts one
 * watch on it, which then serves everybody in this process: all gRPC channels and all
 * HTTP callers. While Consul is away the last known list stays.
 *
 * <p>
 * Safe for use by several threads. Listeners are called one at a time, on whatever
 * thread, and must not block.
 */
public final class ServiceDirectory implements AutoCloseable {

	private static final Log log = LogFactory.getLog(ServiceDirectory.class);

	private final Consul consul;

	private final Duration outageGrace;

	private final JsonMapper json = new JsonMapper();

	private final Map<String, WatchedService> services = new ConcurrentHashMap<>();

	/**
	 * Creates a directory that watches nothing yet.
	 * @param consul the agent to ask
	 * @param outageGrace how long the last known list of a service stays when Consul
	 * comes back from an outage without any of its instances: they may only not have
	 * registered again yet
	 */
	public ServiceDirectory(Consul consul, Duration outageGrace) {
		this.consul = consul;
		this.outageGrace = outageGrace;
	}

	/**
	 * Tells a listener the passing instances of a service: at once if they are known, and
	 * after each change.
	 * @param service the service's name
	 * @param listener gets lists ordered by instance id, possibly empty
	 * @return ends the subscription when closed
	 */
	public Subscription subscribe(String service, Consumer<List<ServiceEndpoint>> listener) {
		return watched(service).subscribe(listener);
	}

	/**
	 * Returns the passing instances of a service.
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

	private WatchedService watched(String service) {
		return services.computeIfAbsent(service, WatchedService::new);
	}

	private List<ServiceEndpoint> parse(Answer answer) {
		List<ServiceEndpoint> endpoints = new ArrayList<>();
		for (JsonNode entry : json.readTree((answer.body() != null) ? answer.body() : "[]")) {
			JsonNode service = entry.path("Service");
			String address = service.path("Address").asString("");
			Map<String, String> metadata = new ConcurrentHashMap<>();
			service.path("Meta").forEachEntry((key, value) -> metadata.put(key, value.asString()));
			endpoints.add(new ServiceEndpoint(service.path("ID").asString(), service.path("Service").asString(),
					address.isEmpty() ? entry.path("Node").path("Address").asString() : address,
					service.path("Port").asInt(), metadata));
		}
		endpoints.sort(Comparator.comparing(ServiceEndpoint::instanceId));
		return List.copyOf(endpoints);
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

	private final class WatchedService {

		private final List<Consumer<List<ServiceEndpoint>>> listeners = new CopyOnWriteArrayList<>();

		private final String service;

		private final BlockingQuery watch;

		// Numbers what Consul said, so that a list kept back knows whether it is still
		// the latest.
		private int changes;

		private volatile CompletableFuture<List<ServiceEndpoint>> instances = new CompletableFuture<>();

		private WatchedService(String service) {
			this.service = service;
			watch = consul.watch("/v1/health/service/" + service + "?passing=true", this::changed);
		}

		private synchronized void changed(Answer answer) {
			List<ServiceEndpoint> next = parse(answer);
			List<ServiceEndpoint> known = known();
			int change = ++changes;
			if (answer.afterOutage() && next.isEmpty() && known != null && !known.isEmpty()) {
				log.warn("Consul came back without any instance of " + service
						+ "; the last known list stays for up to " + outageGrace.toSeconds() + " s");
				CompletableFuture.delayedExecutor(outageGrace.toMillis(), TimeUnit.MILLISECONDS)
					.execute(() -> applyIfLatest(change, next));
			}
			else {
				apply(next);
			}
		}

		private synchronized void applyIfLatest(int change, List<ServiceEndpoint> next) {
			if (changes == change) {
				apply(next);
			}
		}

		// Called with the lock held, so that all listeners hear all lists in the same
		// order.
		private void apply(List<ServiceEndpoint> next) {
			if (next.equals(known())) {
				return;
			}
			if (!instances.complete(next)) {
				instances = CompletableFuture.completedFuture(next);
			}
			listeners.forEach((listener) -> listener.accept(next));
		}

		private synchronized Subscription subscribe(Consumer<List<ServiceEndpoint>> listener) {
			listeners.add(listener);
			List<ServiceEndpoint> known = known();
			if (known != null) {
				listener.accept(known);
			}
			return () -> listeners.remove(listener);
		}

		private @Nullable List<ServiceEndpoint> known() {
			return instances.getNow(null);
		}

		private void close() {
			watch.close();
		}

	}

}
