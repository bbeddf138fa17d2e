package com.example.platform.grpc.resolver;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.example.platform.discovery.ServiceDirectory;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code discovery:///<service>} to the passing instances that the directory
 * knows. gRPC's registry is one for the whole process; the scheme stands there until this
 * is closed.
 */
public final class DiscoveryNameResolverProvider extends NameResolverProvider implements AutoCloseable {

	static final String SCHEME = "discovery";

	private final ServiceDirectory directory;

	private final ServiceConfigs serviceConfigs;

	private final Set<String> services = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a provider and registers it.
	 * @param directory the source of instances
	 * @param serviceConfigs what channels are told besides
	 */
	public DiscoveryNameResolverProvider(ServiceDirectory directory, ServiceConfigs serviceConfigs) {
		this.directory = directory;
		this.serviceConfigs = serviceConfigs;
		NameResolverRegistry.getDefaultRegistry().register(this);
	}

	@Override
	public void close() {
		NameResolverRegistry.getDefaultRegistry().deregister(this);
	}

	/**
	 * Returns the service that a channel's target names.
	 * @param target the target; {@code null} for none
	 * @return empty when it is a target of another kind
	 */
	public static Optional<String> service(@Nullable String target) {
		return Optional.ofNullable(target)
			.filter((text) -> text.startsWith(SCHEME + ":///"))
			.map((text) -> text.substring(SCHEME.length() + 4));
	}

	/**
	 * Tells whether the authority of a channel is the name of a service that it finds
	 * here, and not an address.
	 * @param authority the authority
	 * @return whether there is a channel to that service
	 */
	public boolean isService(String authority) {
		return services.contains(authority);
	}

	@Override
	public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
		if (!SCHEME.equals(target.getScheme())) {
			return null;
		}
		String path = (target.getPath() != null) ? target.getPath() : "";
		String service = path.startsWith("/") ? path.substring(1) : path;
		if (service.isEmpty() || service.contains("/") || target.getAuthority() != null) {
			throw new IllegalArgumentException("'" + target + "' names no service. Write it as " + SCHEME
					+ ":///user-service, with three slashes.");
		}
		services.add(service);
		return new DiscoveryNameResolver(service, directory, serviceConfigs, args);
	}

	@Override
	public String getDefaultScheme() {
		return SCHEME;
	}

	@Override
	public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
		return List.of(InetSocketAddress.class);
	}

	@Override
	protected boolean isAvailable() {
		return true;
	}

	// Below the default of 5, so that a target without a scheme is still a DNS name.
	@Override
	protected int priority() {
		return 4;
	}

}
