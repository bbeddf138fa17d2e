package com.example.benchmarks.balancing;

import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A call that is about to be made, with a key that says what it is about, in the form in
 * which gRPC's policies see it too.
 */
final class Request extends PickSubchannelArgs {

	static final Metadata.Key<String> HEADER = Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER);

	private final String key;

	private final Metadata headers = new Metadata();

	Request(String key) {
		this.key = key;
		headers.put(HEADER, key);
	}

	String key() {
		return key;
	}

	@Override
	public CallOptions getCallOptions() {
		return CallOptions.DEFAULT;
	}

	@Override
	public Metadata getHeaders() {
		return headers;
	}

	@Override
	public @Nullable MethodDescriptor<?, ?> getMethodDescriptor() {
		return null;
	}

}
