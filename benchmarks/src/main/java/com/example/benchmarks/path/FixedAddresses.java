package com.example.benchmarks.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;

/**
 * Resolves {@code fixed:///} to ports of 127.0.0.1 that never change.
 */
final class FixedAddresses extends NameResolverProvider {

	static final String TARGET = "fixed:///servers";

	private final List<EquivalentAddressGroup> addresses;

	FixedAddresses(List<Integer> ports) {
		this.addresses = ports.stream()
			.map((port) -> new EquivalentAddressGroup(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
			.toList();
	}

	@Override
	public NameResolver newNameResolver(URI target, NameResolver.Args args) {
		return new NameResolver() {

			@Override
			public String getServiceAuthority() {
				return "servers";
			}

			@Override
			public void start(Listener2 listener) {
				args.getSynchronizationContext()
					.execute(() -> listener.onResult2(
							ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(addresses)).build()));
			}

			@Override
			public void shutdown() {
			}

		};
	}

	@Override
	public String getDefaultScheme() {
		return "fixed";
	}

	@Override
	public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
		return List.of(InetSocketAddress.class);
	}

	@Override
	protected boolean isAvailable() {
		return true;
	}

	@Override
	protected int priority() {
		return 0;
	}

}
