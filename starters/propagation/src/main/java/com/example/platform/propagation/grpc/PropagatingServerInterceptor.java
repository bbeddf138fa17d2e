package com.example.platform.propagation.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Makes the propagated headers of a gRPC call known to its handler. The deadline is known
 * there by gRPC's own doing.
 */
public final class PropagatingServerInterceptor implements ServerInterceptor {

	private final PropagatedHeaders headers;

	/**
	 * Creates the interceptor.
	 * @param headers which headers go along
	 */
	public PropagatingServerInterceptor(PropagatedHeaders headers) {
		this.headers = headers;
	}

	@Override
	public <I, O> ServerCall.Listener<I> interceptCall(ServerCall<I, O> call, Metadata metadata,
			ServerCallHandler<I, O> next) {
		Context context = headers.readInto(Context.current(),
				(name) -> metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
		return Contexts.interceptCall(context, call, metadata, next);
	}

}
