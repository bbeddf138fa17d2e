package com.example.platform.propagation.grpc;

import java.util.Map;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Sends the propagated headers of the request that is handled along with the gRPC calls
 * made for it. What a call says itself counts more.
 */
public final class PropagatingClientInterceptor implements ClientInterceptor {

	@Override
	public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
		ClientCall<I, O> call = next.newCall(method, options);
		Map<String, String> headers = PropagatedHeaders.current();
		return headers.isEmpty() ? call : new PropagatingCall<>(call, headers);
	}

	private static final class PropagatingCall<I, O> extends SimpleForwardingClientCall<I, O> {

		private final Map<String, String> headers;

		private PropagatingCall(ClientCall<I, O> call, Map<String, String> headers) {
			super(call);
			this.headers = headers;
		}

		@Override
		public void start(Listener<O> listener, Metadata metadata) {
			headers.forEach((name, value) -> {
				Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
				if (!metadata.containsKey(key)) {
					metadata.put(key, value);
				}
			});
			super.start(listener, metadata);
		}

	}

}
