package com.example.platform.defaults.grpc;

import java.nio.charset.StandardCharsets;

import com.example.platform.defaults.Fault;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrpcFaultsTests {

	@Test
	void withoutAnythingElseTheCodeDecides() {
		assertThat(GrpcFaults.of(Status.Code.UNAVAILABLE, null)).isEqualTo(Fault.INSTANCE);
		assertThat(GrpcFaults.of(Status.Code.UNAVAILABLE, new Metadata())).isEqualTo(Fault.INSTANCE);
		assertThat(GrpcFaults.of(Status.Code.NOT_FOUND, new Metadata())).isEqualTo(Fault.CALLER);
	}

	@Test
	void whoSaysWhenToComeAgainWaitsForSomebodyElse() {
		Metadata pushback = new Metadata();
		pushback.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), "1000");
		assertThat(GrpcFaults.of(Status.Code.UNAVAILABLE, pushback)).isEqualTo(Fault.DEPENDENCY);
		assertThat(GrpcFaults.of(Status.Code.UNAVAILABLE, details("type.googleapis.com/google.rpc.RetryInfo")))
			.isEqualTo(Fault.DEPENDENCY);
		assertThat(GrpcFaults.of(Status.Code.UNAVAILABLE, details("type.googleapis.com/google.rpc.ErrorInfo")))
			.isEqualTo(Fault.INSTANCE);
	}

	private static Metadata details(String type) {
		Metadata details = new Metadata();
		details.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
				("\u0008\u000e" + type).getBytes(StandardCharsets.ISO_8859_1));
		return details;
	}

}
