package com.example.platform.loadbalancing.grpc;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.grpc.resolver.DiscoveryNameResolver;
import com.example.platform.loadbalancing.Balancer;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.policy.Node;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection to each instance of a service and has the service's policy choose
 * among those that are connected. A connection that was lost is out at once and is made
 * again in the background: tried at once, then every half to whole second for as long as
 * the instance is listed.
 *
 * <p>
 * Confined to the channel's synchronization context, as gRPC promises; only the pickers
 * are read by calls.
 */
final class CalledServiceLoadBalancer extends LoadBalancer {

	// gRPC's own pause grows to two minutes, but who is listed runs by all that Consul
	// knows. Random, so that not all callers try at once.
	private static final long SHORTEST_PAUSE_MILLIS = 500;

	private static final long LONGEST_PAUSE_MILLIS = 1000;

	private static final long GATHERING_MILLIS = 5;

	private final Helper helper;

	private final CalledServices services;

	private final Map<ServiceEndpoint, Connection> connections = new LinkedHashMap<>();

	// As resolved last, whether or not this process uses them.
	private Map<ServiceEndpoint, EquivalentAddressGroup> addresses = Map.of();

	private @Nullable CalledService service;

	private Runnable unsubscribe = () -> {
	};

	private boolean shutdown;

	private boolean hasChoice;

	private boolean choosesSoon;

	CalledServiceLoadBalancer(Helper helper, CalledServices services) {
		this.helper = helper;
		this.services = services;
	}

	@Override
	public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
		CalledService present = service(resolved);
		if (present == null) {
			return reject("The balancing policy '" + CalledServiceLoadBalancerProvider.POLICY
					+ "' serves only targets such as discovery:///user-service");
		}
		if (resolved.getAddresses().isEmpty()) {
			return reject("There is no instance of " + present.name());
		}
		Map<ServiceEndpoint, EquivalentAddressGroup> next = new LinkedHashMap<>();
		for (EquivalentAddressGroup address : resolved.getAddresses()) {
			ServiceEndpoint endpoint = address.getAttributes().get(DiscoveryNameResolver.ENDPOINT);
			if (endpoint != null) {
				next.put(endpoint, address);
			}
		}
		addresses = next;
		renew();
		return Status.OK;
	}

	@Override
	public void handleNameResolutionError(Status error) {
		closeAll();
		helper.updateBalancingState(ConnectivityState.TRANSIENT_FAILURE,
				new FixedResultPicker(PickResult.withError(error)));
	}

	@Override
	public boolean canHandleEmptyAddressListFromNameResolution() {
		return false;
	}

	@Override
	public void shutdown() {
		shutdown = true;
		unsubscribe.run();
		closeAll();
	}

	private @Nullable CalledService service(ResolvedAddresses resolved) {
		String name = resolved.getAttributes().get(DiscoveryNameResolver.SERVICE);
		if (service == null && name != null) {
			CalledService found = services.service(name);
			unsubscribe = found.subscribe(() -> helper.getSynchronizationContext().execute(this::renew));
			service = found;
		}
		return service;
	}

	private Status reject(String reason) {
		Status unavailable = Status.UNAVAILABLE.withDescription(reason);
		handleNameResolutionError(unavailable);
		return unavailable;
	}

	private void renew() {
		if (!shutdown && service != null) {
			connect(service);
			choose();
		}
	}

	// An instance stays connected when only what it says of itself has changed.
	private void connect(CalledService service) {
		Map<Node, Connection> before = new LinkedHashMap<>();
		connections.values().forEach((connection) -> before.put(connection.node, connection));
		connections.clear();
		Set<ServiceEndpoint> used = new HashSet<>(service.subset(List.copyOf(addresses.keySet())));
		addresses.forEach((endpoint, address) -> {
			if (used.contains(endpoint)) {
				Node node = service.node(endpoint);
				Connection known = before.get(node);
				if (known != null && address.getAddresses().equals(known.addresses())) {
					before.remove(node);
					connections.put(endpoint, known);
				}
				else {
					connections.put(endpoint, open(service, node, address));
				}
			}
		});
		before.values().forEach(this::close);
	}

	// What this channel does not keep up any more is no problem of the instance's.
	private void close(Connection connection) {
		connection.subchannel.shutdown();
		connection.node.unreachable(this, null);
	}

	private Connection open(CalledService service, Node node, EquivalentAddressGroup address) {
		Subchannel subchannel = helper
			.createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(address).build());
		Connection connection = new Connection(node, subchannel,
				PickResult.withSubchannel(subchannel, new CallTracer.Factory(service, node)));
		subchannel.start((state) -> changed(connection, state));
		subchannel.requestConnection();
		return connection;
	}

	private void changed(Connection connection, ConnectivityStateInfo info) {
		ConnectivityState state = info.getState();
		if (state == ConnectivityState.SHUTDOWN || !connections.containsValue(connection)) {
			return;
		}
		if (state == ConnectivityState.IDLE) {
			connection.subchannel.requestConnection();
		}
		if (state == ConnectivityState.READY) {
			connection.node.unreachable(this, null);
		}
		connection.pausing = state == ConnectivityState.TRANSIENT_FAILURE;
		if (connection.pausing) {
			connection.node.unreachable(this, "no connection: " + info.getStatus().getDescription());
			helper.getSynchronizationContext()
				.schedule(() -> retry(connection),
						ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS),
						TimeUnit.MILLISECONDS, helper.getScheduledExecutorService());
		}
		// A failed connection counts as failed until it stands again, not while it is
		// tried.
		if (connection.state != ConnectivityState.TRANSIENT_FAILURE || state == ConnectivityState.READY) {
			connection.state = (state == ConnectivityState.IDLE) ? ConnectivityState.CONNECTING : state;
			connection.problem = info.getStatus();
			if (state == ConnectivityState.READY && hasChoice) {
				chooseSoon();
			}
			else {
				choose();
			}
		}
	}

	// A thousand instances that connect at the same time are one change, not a thousand.
	private void chooseSoon() {
		if (!choosesSoon) {
			choosesSoon = true;
			helper.getSynchronizationContext().schedule(() -> {
				choosesSoon = false;
				choose();
			}, GATHERING_MILLIS, TimeUnit.MILLISECONDS, helper.getScheduledExecutorService());
		}
	}

	// A new subchannel is the only way to end the pause of one.
	private void retry(Connection failed) {
		if (service != null && failed.pausing && connections.containsValue(failed)) {
			Connection next = open(service, failed.node, failed.subchannel.getAddresses());
			next.state = failed.state;
			next.problem = failed.problem;
			connections.replaceAll((endpoint, connection) -> (connection == failed) ? next : connection);
			failed.subchannel.shutdown();
		}
	}

	private void choose() {
		if (shutdown || service == null || connections.isEmpty()) {
			return;
		}
		List<Member<PickResult>> ready = new ArrayList<>();
		boolean connecting = false;
		Status problem = Status.UNAVAILABLE;
		for (Map.Entry<ServiceEndpoint, Connection> entry : connections.entrySet()) {
			Connection connection = entry.getValue();
			if (connection.state == ConnectivityState.READY) {
				ready.add(new Member<>(connection.node, entry.getKey(), connection.result));
			}
			else if (connection.state == ConnectivityState.CONNECTING) {
				connecting = true;
			}
			else {
				problem = connection.problem;
			}
		}
		hasChoice = !ready.isEmpty();
		if (hasChoice) {
			helper.updateBalancingState(ConnectivityState.READY,
					new CalledServicePicker(service.balancer(ready), new CallKey(service.settings().keyHeader())));
		}
		else if (connecting) {
			helper.updateBalancingState(ConnectivityState.CONNECTING, new FixedResultPicker(PickResult.withNoResult()));
		}
		else {
			helper.updateBalancingState(ConnectivityState.TRANSIENT_FAILURE,
					new FixedResultPicker(PickResult.withError(problem)));
		}
	}

	private void closeAll() {
		connections.values().forEach(this::close);
		connections.clear();
		addresses = Map.of();
		hasChoice = false;
	}

	private static final class Connection {

		private final Node node;

		private final Subchannel subchannel;

		private final PickResult result;

		private ConnectivityState state = ConnectivityState.CONNECTING;

		private Status problem = Status.UNAVAILABLE;

		private boolean pausing;

		private Connection(Node node, Subchannel subchannel, PickResult result) {
			this.node = node;
			this.subchannel = subchannel;
			this.result = result;
		}

		private List<SocketAddress> addresses() {
			return subchannel.getAddresses().getAddresses();
		}

	}

	/**
	 * Answers each call by the balancer, which has at least one connection. What is sent
	 * again goes elsewhere.
	 */
	private static final class CalledServicePicker extends SubchannelPicker {

		private final Balancer<PickResult> balancer;

		private final CallKey key;

		private CalledServicePicker(Balancer<PickResult> balancer, CallKey key) {
			this.balancer = balancer;
			this.key = key;
		}

		@Override
		public PickResult pickSubchannel(PickSubchannelArgs args) {
			CallProgress call = CallProgress.of(args.getCallOptions());
			Set<Node> tried = (call != null) ? call.tried() : Set.of();
			Member<PickResult> member = tried.isEmpty() ? balancer.pick(key.of(args), CallKey.canaryWish(args))
					: balancer.pick(key.of(args), CallKey.canaryWish(args), tried);
			return Objects.requireNonNull(member).destination();
		}

	}

}
