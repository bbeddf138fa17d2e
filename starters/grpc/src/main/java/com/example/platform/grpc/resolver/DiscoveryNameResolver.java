package com.example.platform.grpc.resolver;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a channel with the addresses of one service's passing instances, anew after each
 * change. An instance without a gRPC port, or with a name that cannot be resolved, is
 * left out with an error in the log; its HTTP port is never tried.
 */
public final class DiscoveryNameResolver extends NameResolver {

	/**
	 * Key of the instance among the attributes of its address, for load balancers.
	 */
	public static final Attributes.Key<ServiceEndpoint> ENDPOINT = Attributes.Key
		.create("com.example.platform.discovery.endpoint");

	/**
	 * Key of the service's name among the attributes of what was resolved, for load
	 * balancers.
	 */
	public static final Attributes.Key<String> SERVICE = Attributes.Key
		.create("com.example.platform.discovery.service");

	private static final Log log = LogFactory.getLog(DiscoveryNameResolver.class);

	// As long as the JVM remembers that a name was not found.
	private static final long RESOLVE_AGAIN_SECONDS = 10;

	private final String service;

	private final ServiceDirectory directory;

	private final SynchronizationContext channelContext;

	private final ServiceConfigs serviceConfigs;

	private final ServiceConfigParser parser;

	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	// Confined to the channel's synchronization context, like the next.
	private @Nullable List<EquivalentAddressGroup> latest;

	private int known;

	// What has not been overtaken by a newer list.
	private volatile List<ServiceEndpoint> newest = List.of();

	private volatile boolean shutdown;

	private List<ServiceDirectory.Subscription> subscriptions = List.of();

	DiscoveryNameResolver(String service, ServiceDirectory directory, ServiceConfigs serviceConfigs, Args args) {
		this.service = service;
		this.directory = directory;
		this.channelContext = args.getSynchronizationContext();
		this.serviceConfigs = serviceConfigs;
		this.parser = args.getServiceConfigParser();
	}

	@Override
	public String getServiceAuthority() {
		return service;
	}

	@Override
	public void start(Listener2 listener) {
		subscriptions = List.of(directory.subscribe(service, (endpoints) -> {
			newest = endpoints;
			resolve(listener, endpoints);
		}), serviceConfigs.subscribe(() -> channelContext.execute(() -> configured(listener))));
	}

	@Override
	public void shutdown() {
		shutdown = true;
		subscriptions.forEach(ServiceDirectory.Subscription::close);
	}

	private void configured(Listener2 listener) {
		if (latest != null) {
			tell(listener, latest);
		}
	}

	// Names are looked up here, where nobody else waits, and again until all are found.
	private void resolve(Listener2 listener, List<ServiceEndpoint> endpoints) {
		List<EquivalentAddressGroup> addresses = new ArrayList<>();
		boolean complete = true;
		for (ServiceEndpoint endpoint : endpoints) {
			if (endpoint.grpcPort().isEmpty()) {
				report(endpoint,
						"is registered without '" + ServiceEndpoint.GRPC_PORT
								+ "' in its metadata and gets no calls. Does it run a gRPC server, "
								+ "and does it use starters/discovery to register?");
				continue;
			}
			InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.grpcPort().getAsInt());
			if (address.isUnresolved()) {
				complete = false;
				report(endpoint, "is registered at '" + endpoint.host()
						+ "', which this machine cannot resolve, and gets no calls until it can");
			}
			else {
				addresses
					.add(new EquivalentAddressGroup(address, Attributes.newBuilder().set(ENDPOINT, endpoint).build()));
			}
		}
		channelContext.execute(() -> {
			if (endpoints == newest) {
				latest = addresses;
				known = endpoints.size();
				tell(listener, addresses);
			}
		});
		if (!complete) {
			CompletableFuture.delayedExecutor(RESOLVE_AGAIN_SECONDS, TimeUnit.SECONDS).execute(() -> {
				if (endpoints == newest && !shutdown) {
					resolve(listener, endpoints);
				}
			});
		}
	}

	private void report(ServiceEndpoint endpoint, String problem) {
		if (reported.add(endpoint.instanceId())) {
			log.error("Instance " + endpoint.instanceId() + " of " + service + " " + problem);
		}
	}

	private void tell(Listener2 listener, List<EquivalentAddressGroup> addresses) {
		StatusOr<List<EquivalentAddressGroup>> result = addresses.isEmpty() ? StatusOr.fromStatus(nobody())
				: StatusOr.fromValue(addresses);
		Status accepted = listener.onResult2(ResolutionResult.newBuilder()
			.setAddressesOrError(result)
			.setAttributes(Attributes.newBuilder().set(SERVICE, service).build())
			.setServiceConfig(parser.parseServiceConfig(serviceConfigs.of(service)))
			.build());
		if (!accepted.isOk() && !addresses.isEmpty()) {
			log.warn("The channel to " + service + " did not accept " + addresses + ": " + accepted);
		}
	}

	private Status nobody() {
		return Status.UNAVAILABLE.withDescription(
				(known == 0) ? "Consul knows no passing instance of " + service + ". Is it running and ready?"
						: "None of the " + known + " instances of " + service
								+ " has registered a gRPC port and an address that can be resolved");
	}

}
