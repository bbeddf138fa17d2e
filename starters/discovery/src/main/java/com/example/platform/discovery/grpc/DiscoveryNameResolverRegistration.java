package com.example.platform.discovery.grpc;

import io.grpc.NameResolverRegistry;

/**
 * Keeps the {@code discovery} scheme known to gRPC for as long as an application context
 * lives. gRPC's registry is one for the whole process.
 */
public final class DiscoveryNameResolverRegistration implements AutoCloseable {

	private final DiscoveryNameResolverProvider provider;

	/**
	 * Registers a provider.
	 * @param provider what to register
	 */
	public DiscoveryNameResolverRegistration(DiscoveryNameResolverProvider provider) {
		this.provider = provider;
		NameResolverRegistry.getDefaultRegistry().register(provider);
	}

	/**
	 * Takes the provider out of gRPC's registry.
	 */
	@Override
	public void close() {
		NameResolverRegistry.getDefaultRegistry().deregister(provider);
	}

}
