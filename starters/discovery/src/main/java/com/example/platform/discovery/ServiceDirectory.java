package com.example.platform.discovery;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.example.platform.consul.Consul;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The instances of each service. Those are available of whose checks, the node's
 * included, none is critical; with one that warns, an instance counts with Consul's
 * weight for that. When that leaves nobody, those are available whom only Consul's probes
 * miss: a machine that is busy lets probes time out, and a call that may fail is better
 * than one that must (Envoy's documentation calls it panic threshold). The first question
 * about a service starts one watch on it, which then serves everybody in this process:
 * all gRPC channels and all HTTP callers. While Consul is away the last known list stays;
 * when it is back, those of the list whom it does not know any more stay for a grace:
 * they may only not have registered again yet. While there is no list yet, the one that
 * was {@linkplain InstanceSnapshots kept} has to do.
 *
 * <p>
 * Safe for use by several threads.
 */
public final class ServiceDirectory implements AutoCloseable {

	private static final Log log = LogFactory.getLog(ServiceDirectory.class);

	private final Consul consul;

	private final Duration outageGrace;

	private final InstanceSnapshots snapshots;

	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
			new SynchronousQueue<>(), (task) -> {
				Thread thread = new Thread(task, "discovery");
				thread.setDaemon(true);
				return thread;
			}, new ThreadPoolExecutor.DiscardPolicy());

	private final Map<String, WatchedService> services = new ConcurrentHashMap<>();

	private final List<Consumer<String>> watchListeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates a directory that watches nothing yet.
	 * @param consul the agent to ask
	 * @param outageGrace how long instances stay available that Consul does not know any
	 * more when it comes back from an outage
	 */
	public ServiceDirectory(Consul consul, Duration outageGrace) {
		this(consul, outageGrace, InstanceSnapshots.NONE);
	}

	/**
	 * Creates a directory that watches nothing yet.
	 * @param consul the agent to ask
	 * @param outageGrace how long instances stay available that Consul does not know any
	 * more when it comes back from an outage
	 * @param snapshots the lists to use when Consul does not answer at first
	 */
	public ServiceDirectory(Consul consul, Duration outageGrace, InstanceSnapshots snapshots) {
		this.consul = consul;
		this.outageGrace = outageGrace;
		this.snapshots = snapshots;
	}

	/**
	 * Tells a listener the available instances of a service: at once if they are known,
	 * and after each change. A listener that fails or takes its time keeps no other
	 * waiting; it then hears the newest list only.
	 * @param service the service's name
	 * @param listener gets lists ordered by instance id, possibly empty; called by one
	 * thread at a time
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
		return watched(service).instances();
	}

	/**
	 * Tells when each service that is watched by now is known.
	 * @return completes when Consul has answered about all of them, or a list that was
	 * kept has to do
	 */
	public CompletableFuture<Void> known() {
		return CompletableFuture
			.allOf(services.values().stream().map(WatchedService::instances).toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Ends all watches.
	 */
	@Override
	public void close() {
		services.values().forEach(WatchedService::close);
		executor.shutdownNow();
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
		services.keySet().forEach((service) -> tell(listener, service));
	}

	private WatchedService watched(String service) {
		WatchedService watched = services.get(service);
		if (watched == null) {
			watched = services.computeIfAbsent(service,
					(name) -> new WatchedService(name, consul, outageGrace, snapshots, executor));
			watchListeners.forEach((listener) -> tell(listener, service));
		}
		return watched;
	}

	private static void tell(Consumer<String> listener, String service) {
		try {
			listener.accept(service);
		}
		catch (RuntimeException ex) {
			log.error("A listener to what is watched failed for " + service, ex);
		}
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

}
