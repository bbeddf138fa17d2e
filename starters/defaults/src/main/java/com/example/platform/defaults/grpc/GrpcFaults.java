package com.example.platform.defaults.grpc;

import java.nio.charset.StandardCharsets;

import com.example.platform.defaults.Fault;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault the end of a gRPC call is.
 */
public final class GrpcFaults {

	private static final Metadata.Key<String> PUSHBACK = Metadata.Key.of("grpc-retry-pushback-ms",
			Metadata.ASCII_STRING_MARSHALLER);

	private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
			Metadata.BINARY_BYTE_MARSHALLER);

	private GrpcFaults() {
	}

	/**
	 * Returns whose fault the end of a call is.
	 * @param code the code that the server sent
	 * @param trailers what came with it; {@code null} for nothing
	 * @return the fault
	 */
	public static Fault of(Status.Code code, @Nullable Metadata trailers) {
		return Fault.ofGrpc(code.name(), trailers != null && saysWhenToRetry(trailers));
	}

	// The type's name stands in the details as it is, so that nothing need be decoded.
	private static boolean saysWhenToRetry(Metadata trailers) {
		byte[] details = trailers.get(DETAILS);
		return trailers.containsKey(PUSHBACK) || (details != null
				&& new String(details, StandardCharsets.ISO_8859_1).contains("/google.rpc.RetryInfo"));
	}

}
