package com.example.platform.discovery.grpc;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
 * change. An instance without a gRPC port is left out with an error in the log; its HTTP
 * port is never tried.
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

	private final String service;

	private final ServiceDirectory directory;

	private final SynchronizationContext channelContext;

	private final ServiceConfigs serviceConfigs;

	private final ServiceConfigParser parser;

	// Confined to the channel's synchronization context.
	private final Set<String> reportedWithoutPort = new HashSet<>();

	// Confined to the channel's synchronization context.
	private @Nullable List<ServiceEndpoint> latest;

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
		subscriptions = List.of(
				directory.subscribe(service,
						(endpoints) -> channelContext.execute(() -> resolved(listener, endpoints))),
				serviceConfigs.subscribe(() -> channelContext.execute(() -> configured(listener))));
	}

	@Override
	public void shutdown() {
		subscriptions.forEach(ServiceDirectory.Subscription::close);
	}

	private void configured(Listener2 listener) {
		if (latest != null) {
			resolved(listener, latest);
		}
	}

	private void resolved(Listener2 listener, List<ServiceEndpoint> endpoints) {
		latest = endpoints;
		List<EquivalentAddressGroup> addresses = new ArrayList<>();
		for (ServiceEndpoint endpoint : endpoints) {
			if (endpoint.grpcPort().isPresent()) {
				addresses.add(new EquivalentAddressGroup(
						new InetSocketAddress(endpoint.host(), endpoint.grpcPort().getAsInt()),
						Attributes.newBuilder().set(ENDPOINT, endpoint).build()));
			}
			else if (reportedWithoutPort.add(endpoint.instanceId())) {
				log.error("Instance " + endpoint.instanceId() + " of " + service + " is registered without '"
						+ ServiceEndpoint.GRPC_PORT + "' in its metadata and gets no calls. Does it run a gRPC server, "
						+ "and does it use starters/discovery to register?");
			}
		}
		StatusOr<List<EquivalentAddressGroup>> result = addresses.isEmpty() ? StatusOr.fromStatus(nobody(endpoints))
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

	private Status nobody(List<ServiceEndpoint> endpoints) {
		return Status.UNAVAILABLE.withDescription(endpoints.isEmpty()
				? "Consul knows no passing instance of " + service + ". Is it running and ready?"
				: "None of the " + endpoints.size() + " instances of " + service + " has registered a gRPC port");
	}

}
