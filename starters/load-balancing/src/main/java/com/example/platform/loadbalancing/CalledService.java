package com.example.platform.loadbalancing;

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
 * Safe for use by several threads. Listeners are called without this object's lock held,
 * by any thread, and must not block.
 */
public final class CalledService {

	private static final Log log = LogFactory.getLog(CalledService.class);

	private final String name;

	private final Subset subset;

	private final Executor control;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile BalancingSettings settings;

	// Guarded by this, like all below.
	private final Nodes nodes;

	private final OutlierDetector outliers;

	private Balancer.Builder builder;

	private List<ServiceEndpoint> latest = List.of();

	/**
	 * Creates a service without instances.
	 * @param name the service's name
	 * @param self unique name of this process, which decides its subset
	 * @param settings how to balance
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 * @param random source of randomness, called from several threads
	 * @param control runs what must not delay a call
	 */
	public CalledService(String name, String self, BalancingSettings settings, LongSupplier nanoTime,
			RandomGenerator random, Executor control) {
		this.name = name;
		this.subset = new Subset(self);
		this.control = control;
		this.settings = settings;
		this.nodes = new Nodes(nanoTime, settings.slowStart());
		this.outliers = new OutlierDetector(nanoTime);
		this.builder = new Balancer.Builder(settings, random);
	}

	/**
	 * Returns the service's name.
	 * @return the name
	 */
	public String name() {
		return name;
	}

	/**
	 * Returns how calls are balanced at this moment.
	 * @return the settings
	 */
	public BalancingSettings settings() {
		return settings;
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
		return subset.of(endpoints, settings);
	}

	/**
	 * Returns the node that stands for an instance, which is the same for all who call
	 * it.
	 * @param endpoint the instance
	 * @return its node
	 */
	public synchronized Node node(ServiceEndpoint endpoint) {
		return nodes.of(endpoint);
	}

	/**
	 * Builds a balancer for instances.
	 * @param <T> how an instance is reached
	 * @param members the instances that can be reached
	 * @return a balancer over those that are not taken out; of canaries and of the
	 * others, over all when every one is
	 */
	public synchronized <T> Balancer<T> balancer(List<Member<T>> members) {
		// An instance that moved from one Consul server to another may be listed twice.
		Map<Node, Member<T>> byNode = new LinkedHashMap<>();
		members.forEach((member) -> byNode.put(member.node(), member));
		return builder.build(List.copyOf(byNode.values()), (node) -> !outliers.isEjected(node));
	}

	/**
	 * Takes the latest list of all instances.
	 * @param endpoints the instances
	 */
	public void update(List<ServiceEndpoint> endpoints) {
		synchronized (this) {
			latest = List.copyOf(endpoints);
			nodes.retain(latest);
			retainUsed();
		}
		tellListeners();
	}

	// How many may be out is a share of those that this process uses.
	private void retainUsed() {
		outliers.retain(subset(latest).stream().map(nodes::of).toList());
	}

	/**
	 * Takes new settings.
	 * @param next how to balance from now on
	 */
	void configure(BalancingSettings next) {
		synchronized (this) {
			if (next.equals(settings)) {
				return;
			}
			log.info("Calls to " + name + " are balanced by " + next.policy());
			if (!next.ejection().equals(settings.ejection())) {
				outliers.startInterval();
			}
			settings = next;
			nodes.slowStart(next.slowStart());
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
		boolean ejected;
		boolean warmer;
		synchronized (this) {
			ejected = outliers.tick(settings.ejection());
			warmer = nodes.warmUp();
		}
		if (ejected || warmer) {
			tellListeners();
		}
	}

	/**
	 * Notes that a call failed for a reason that lies with the instance or the way to it.
	 * @param node the instance
	 */
	public void failed(Node node) {
		int inARow = node.failed();
		BalancingSettings.Ejection ejection = settings.ejection();
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
		if (settings.ejection().enabled()) {
			control.execute(() -> eject(node, "no connection for a call"));
		}
	}

	private void eject(Node node, String reason) {
		boolean ejected;
		synchronized (this) {
			ejected = outliers.eject(node, reason, settings.ejection());
		}
		if (ejected) {
			log.warn("Instance " + node + " of " + name + " gets no calls for a while: " + reason);
			tellListeners();
		}
	}

	/**
	 * Describes the instances for people.
	 * @return a view of each, in the order of the list
	 */
	public synchronized List<InstanceView> view() {
		return latest.stream().map((endpoint) -> {
			Node node = nodes.of(endpoint);
			return InstanceView.of(endpoint, node, ejections(node), out(node));
		}).toList();
	}

	/**
	 * Returns the nodes of all instances.
	 * @return each node once, in the order of the list
	 */
	public synchronized List<Node> nodes() {
		return latest.stream().map(nodes::of).distinct().toList();
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

	private void tellListeners() {
		CalledServices.runEach(listeners, "A listener to the instances of " + name);
	}

}
