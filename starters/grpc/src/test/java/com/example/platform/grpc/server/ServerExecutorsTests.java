package com.example.platform.grpc.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerExecutorsTests {

	private final CountDownLatch release = new CountDownLatch(1);

	private final CountDownLatch stuck = new CountDownLatch(8);

	private final Handler computing = new Handler("test.Computing");

	private final Handler half = new MethodBlocks();

	private final Handler waiting = new AllBlock();

	private final ServerExecutors executors = new ServerExecutors(2, ServerExecutors.boundedPool(8),
			() -> List.<BindableService>of(computing, half, waiting));

	private final Server server;

	private final ManagedChannel channel;

	ServerExecutorsTests() throws IOException {
		server = ServerBuilder.forPort(0)
			.addService(computing)
			.addService(half)
			.addService(waiting)
			.executor(executors.fast())
			.callExecutor(executors)
			.build()
			.start();
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
	}

	@AfterEach
	void close() {
		release.countDown();
		channel.shutdownNow();
		server.shutdownNow();
		executors.close();
	}

	@Test
	void aHandlerThatComputesRunsOnTheFastPool() {
		assertThat(threadOf(computing, "Compute")).startsWith("grpc-").doesNotContain("blocking");
		assertThat(threadOf(half, "Compute")).startsWith("grpc-").doesNotContain("blocking");
	}

	@Test
	void aMethodOrAServiceMarkedAsBlockingRunsOnThePoolForThat() {
		assertThat(threadOf(half, "Check")).startsWith("grpc-blocking-");
		assertThat(threadOf(waiting, "Compute")).startsWith("grpc-blocking-");
	}

	@Test
	void handlersThatAllWaitDoNotStallOneThatComputes() throws InterruptedException {
		for (int i = 0; i < 8; i++) {
			var unused = ClientCalls.futureUnaryCall(channel.newCall(half.check, CallOptions.DEFAULT), "wait");
		}
		assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(threadOf(half, "Compute")).isNotEmpty();
	}

	private String threadOf(Handler handler, String method) {
		return ClientCalls.blockingUnaryCall(channel, handler.method(method), CallOptions.DEFAULT, "");
	}

	private class Handler implements BindableService {

		private final MethodDescriptor<String, String> check;

		private final MethodDescriptor<String, String> compute;

		private final String service;

		private Handler(String service) {
			this.service = service;
			this.check = descriptor(service + "/Check");
			this.compute = descriptor(service + "/Compute");
		}

		private MethodDescriptor<String, String> method(String name) {
			return name.equals("Check") ? check : compute;
		}

		@Override
		public ServerServiceDefinition bindService() {
			return ServerServiceDefinition.builder(service)
				.addMethod(check, ServerCalls.asyncUnaryCall(this::check))
				.addMethod(compute, ServerCalls.asyncUnaryCall(this::compute))
				.build();
		}

		void check(String request, StreamObserver<String> observer) {
			if (request.equals("wait")) {
				stuck.countDown();
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			compute(request, observer);
		}

		void compute(String request, StreamObserver<String> observer) {
			observer.onNext(Thread.currentThread().getName());
			observer.onCompleted();
		}

		private static MethodDescriptor<String, String> descriptor(String name) {
			return MethodDescriptor.<String, String>newBuilder()
				.setType(MethodDescriptor.MethodType.UNARY)
				.setFullMethodName(name)
				.setRequestMarshaller(new Text())
				.setResponseMarshaller(new Text())
				.build();
		}

	}

	private final class MethodBlocks extends Handler {

		private MethodBlocks() {
			super("test.Half");
		}

		@Override
		@Blocking
		void check(String request, StreamObserver<String> observer) {
			super.check(request, observer);
		}

	}

	@Blocking
	private final class AllBlock extends Handler {

		private AllBlock() {
			super("test.Waiting");
		}

	}

	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
