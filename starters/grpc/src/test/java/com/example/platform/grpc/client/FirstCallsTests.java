package com.example.platform.grpc.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FirstCallsTests {

	private final AtomicInteger calls = new AtomicInteger();

	@Test
	void eachChannelIsCalledOnceAndWhoeverIsAwayIsNoMatter() throws Exception {
		Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
			.addService(new Health())
			.build()
			.start();
		ManagedChannel there = channel(server.getPort());
		ManagedChannel away = channel(1);
		try {
			FirstCalls.make(Stream.of(there, away, there));
			assertThat(calls).hasValue(1);
		}
		finally {
			there.shutdownNow();
			away.shutdownNow();
			server.shutdownNow();
		}
	}

	private static ManagedChannel channel(int port) {
		return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
	}

	private final class Health extends HealthGrpc.HealthImplBase {

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
			calls.incrementAndGet();
			answer.onNext(HealthCheckResponse.getDefaultInstance());
			answer.onCompleted();
		}

	}

}
