package com.example.platform.loadbalancing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.policy.Node;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A service that this process calls: its instances, what calls to them experienced, and
 * how they are balanced. All gRPC channels and HTTP callers of the process share it.
 *
 * <p>
 * Safe for use by several threads. Listeners are called without this target's lock held,
 * by any thread, and must not block.
 */
public final class Target {

	private static final Log log = LogFactory.getLog(Target.class);

	private final String service;

	private final Subset subset;

	private final LongSupplier nanoTime;

	private final Executor control;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final OutlierDetector outliers;

	// Guarded by this, like all below.
	private final Map<String, Instance> instances = new LinkedHashMap<>();

	private TargetSettings settings;

	private Balancer.Builder builder;

	// Until the first list, what is found was there before and is warm.
	private boolean listed;

	private List<ServiceEndpoint> latest = List.of();

	private volatile TargetSettings current;

	/**
	 * Creates a target without instances.
	 * @param service the service's name
	 * @param self unique name of this process, which decides its subset
	 * @param settings how to balance
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 * @param random source of randomness, called from several threads
	 * @param control runs what must not delay a call
	 */
	public Target(String service, String self, TargetSettings settings, LongSupplier nanoTime, RandomGenerator random,
			Executor control) {
		this.service = service;
		this.subset = new Subset(self);
		this.nanoTime = nanoTime;
		this.control = control;
		this.settings = settings;
		this.current = settings;
		this.builder = new Balancer.Builder(settings, random);
		this.outliers = new OutlierDetector(nanoTime);
	}

	/**
	 * Returns the service's name.
	 * @return the name
	 */
	public String service() {
		return service;
	}

	/**
	 * Returns how calls are balanced at this moment.
	 * @return the settings
	 */
	public TargetSettings settings() {
		return current;
	}

	/**
	 * Has a listener told when balancers that were built before are out of date.
	 * @param listener builds a new one
	 * @return ends the subscription when run
	 */
	public Runnable subscribe(Runnable listener) {
		listeners.add(listener);
		return () -> listeners.remove(listener);
	}

	/**
	 * Returns the instances that this process uses: all, or its subset of a large fleet.
	 * @param endpoints all instances
	 * @return those to connect to
	 */
	public List<ServiceEndpoint> subset(List<ServiceEndpoint> endpoints) {
		return subset.of(endpoints, current);
	}

	/**
	 * Returns the node that stands for an instance, which is the same for all who call
	 * it.
	 * @param endpoint the instance
	 * @return its node
	 */
	public synchronized Node node(ServiceEndpoint endpoint) {
		return instance(endpoint).node;
	}

	/**
	 * Returns the nodes that stand for instances.
	 * @param endpoints the instances
	 * @return the instances by their nodes, in the same order
	 */
	public synchronized Map<Node, ServiceEndpoint> byNode(Collection<ServiceEndpoint> endpoints) {
		Map<Node, ServiceEndpoint> byNode = new LinkedHashMap<>();
		endpoints.forEach((endpoint) -> byNode.put(instance(endpoint).node, endpoint));
		return byNode;
	}

	/**
	 * Builds a balancer for instances.
	 * @param endpoints the instances that can be reached, by their nodes
	 * @return a balancer over those that are not taken out; of canaries and of the
	 * others, over all when every one is
	 */
	public synchronized Balancer balancer(Map<Node, ServiceEndpoint> endpoints) {
		List<Member> members = new ArrayList<>();
		endpoints
			.forEach((node, endpoint) -> members.add(new Member(node, Subset.zone(endpoint), endpoint.metadata())));
		return builder.build(members, (node) -> !outliers.isEjected(node));
	}

	/**
	 * Takes the latest list of all instances.
	 * @param endpoints the instances
	 */
	public void update(List<ServiceEndpoint> endpoints) {
		synchronized (this) {
			Map<String, Instance> before = new HashMap<>(instances);
			instances.clear();
			for (ServiceEndpoint endpoint : endpoints) {
				Instance known = before.get(key(endpoint));
				if (known != null) {
					instances.put(key(endpoint), known);
				}
				instance(endpoint);
			}
			latest = List.copyOf(endpoints);
			retainUsed();
			listed = true;
		}
		tellListeners();
	}

	// How many may be out is a share of those that this process uses.
	private void retainUsed() {
		outliers.retain(byNode(subset(latest)).keySet());
	}

	/**
	 * Takes new settings.
	 * @param next how to balance from now on
	 */
	void configure(TargetSettings next) {
		synchronized (this) {
			if (next.equals(settings)) {
				return;
			}
			log.info("Calls to " + service + " are balanced by " + next.policy());
			if (!next.ejection().equals(settings.ejection())) {
				outliers.startInterval();
			}
			settings = next;
			current = next;
			builder = builder.with(next);
			retainUsed();
			if (!next.ejection().enabled()) {
				outliers.clear();
			}
		}
		tellListeners();
	}

	/**
	 * Does what time brings: ends ejections, compares success rates, warms up. To be
	 * called about twice a second.
	 */
	public void tick() {
		boolean changed;
		synchronized (this) {
			changed = outliers.tick(settings.ejection());
			changed |= warmUp();
		}
		if (changed) {
			tellListeners();
		}
	}

	/**
	 * Notes that a call failed for a reason that lies with the instance or the way to it.
	 * @param node the instance
	 */
	public void failed(Node node) {
		int inARow = node.failed();
		TargetSettings.Ejection ejection = current.ejection();
		// Who comes back and fails again at once is out again at once.
		if (ejection.enabled() && inARow >= ejection.consecutiveFailures()) {
			control.execute(() -> eject(node, inARow + " failures in a row"));
		}
	}

	/**
	 * Notes that an instance let nobody connect for a call, which needs no second proof.
	 * Not for callers that keep connections: they know by these.
	 * @param node the instance
	 */
	public void refused(Node node) {
		node.failed();
		if (current.ejection().enabled()) {
			control.execute(() -> eject(node, "no connection for a call"));
		}
	}

	/**
	 * Describes the instances for people.
	 * @return a view of each, in the order of the list
	 */
	public synchronized List<InstanceView> view() {
		return latest.stream().map(this::view).toList();
	}

	/**
	 * Returns the nodes of all instances.
	 * @return the nodes in the order of the list
	 */
	public synchronized List<Node> nodes() {
		return List.copyOf(byNode(latest).keySet());
	}

	/**
	 * Returns how often an instance was taken out.
	 * @param node the instance's node
	 * @return the number since the instance is known
	 */
	public synchronized int ejections(Node node) {
		return outliers.ejections(node);
	}

	/**
	 * Returns why an instance gets no calls.
	 * @param node the instance's node
	 * @return the reason; {@code null} when it does
	 */
	public synchronized @Nullable String out(Node node) {
		String ejected = outliers.reason(node);
		return (ejected != null) ? ejected : node.unreachable();
	}

	private InstanceView view(ServiceEndpoint endpoint) {
		Node node = instance(endpoint).node;
		return new InstanceView(node.id(), endpoint.host(), endpoint.port(), endpoint.metadata(), node.weight(),
				node.warmUp(), node.inFlight(), node.responseTime() / 1e6, node.picks(), node.failures(),
				ejections(node), out(node));
	}

	private void eject(Node node, String reason) {
		boolean ejected;
		synchronized (this) {
			ejected = outliers.eject(node, reason, settings.ejection());
		}
		if (ejected) {
			log.warn("Instance " + node + " of " + service + " gets no calls for a while: " + reason);
			tellListeners();
		}
	}

	private boolean warmUp() {
		boolean finished = false;
		for (Instance instance : instances.values()) {
			if (instance.node.warmUp() < 1) {
				double share = share(instance);
				instance.node.warmUp(share);
				finished |= share == 1;
			}
		}
		return finished;
	}

	// Linear, from a tenth, which lets a cold instance load its code.
	private double share(Instance instance) {
		double window = settings.slowStart().toNanos();
		double age = nanoTime.getAsLong() - instance.since;
		return (age >= window) ? 1 : Math.max(0.1, age / window);
	}

	private Instance instance(ServiceEndpoint endpoint) {
		Instance known = instances.get(key(endpoint));
		if (known == null) {
			known = new Instance(new Node(endpoint.instanceId(), nanoTime), nanoTime.getAsLong());
			if (listed) {
				known.node.warmUp(share(known));
			}
			instances.put(key(endpoint), known);
		}
		known.node.weight(endpoint.weight());
		return known;
	}

	// An instance that comes back elsewhere is another one.
	private static String key(ServiceEndpoint endpoint) {
		return endpoint.instanceId() + "@" + endpoint.host() + ":" + endpoint.port();
	}

	private void tellListeners() {
		Targets.runEach(listeners, "A listener to the instances of " + service);
	}

	private static final class Instance {

		private final Node node;

		private final long since;

		private Instance(Node node, long since) {
			this.node = node;
			this.since = since;
		}

	}

}
