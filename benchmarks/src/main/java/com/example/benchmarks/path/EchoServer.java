package com.example.benchmarks.path;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.example.platform.grpc.server.Blocking;
import com.google.protobuf.BytesValue;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;

/**
 * A process that serves the simplest of gRPC services in one of several ways.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class EchoServer {

	/**
	 * Answers with what it was sent.
	 */
	static final MethodDescriptor<BytesValue, BytesValue> ECHO = method("Echo");

	/**
	 * The same, after the thread has waited for {@link #BLOCKED_MILLIS}.
	 */
	static final MethodDescriptor<BytesValue, BytesValue> BLOCK = method("Block");

	static final long BLOCKED_MILLIS = 20;

	private static final String SAME_POOL = "same-pool";

	/**
	 * How a process serves.
	 */
	enum Kind {

		/** As {@code starters/grpc} has it. */
		PLATFORM,

		/** As Spring Boot has it. */
		BOOT,

		/** As Spring Boot has it, with a pool of as many threads as there are cores. */
		BOOT_SAME_POOL,

		/** With the least that grpc-java needs, on any number of ports. */
		LEAN

	}

	/**
	 * Serves until the process is stopped.
	 * @param arguments the kind, then the ports on 127.0.0.1
	 * @throws IOException if a port is taken
	 */
	public static void main(String... arguments) throws IOException {
		Kind kind = Kind.valueOf(arguments[0]);
		List<Integer> ports = Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList();
		if (kind == Kind.LEAN) {
			for (int port : ports) {
				Server server = NettyServerBuilder
					.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
					.directExecutor()
					.addService(new Echo())
					.build()
					.start();
				new Thread(() -> await(server), "server-" + port).start();
			}
		}
		else {
			SpringApplication.run(EchoServer.class, "--spring.main.web-application-type=none",
					"--spring.cloud.config.enabled=false", "--spring.cloud.consul.enabled=false",
					"--spring.grpc.server.address=127.0.0.1", "--spring.grpc.server.port=" + ports.get(0),
					"--platform.grpc.enabled=" + (kind == Kind.PLATFORM),
					"--" + SAME_POOL + "=" + (kind == Kind.BOOT_SAME_POOL));
		}
	}

	@Bean
	BindableService echo() {
		return new Echo();
	}

	@Bean
	@ConditionalOnProperty(SAME_POOL)
	GrpcServerExecutorProvider samePool() {
		return () -> Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
	}

	// gRPC's own threads do not keep the process alive.
	private static void await(Server server) {
		try {
			server.awaitTermination();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static MethodDescriptor<BytesValue, BytesValue> method(String name) {
		return MethodDescriptor.<BytesValue, BytesValue>newBuilder()
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName("benchmarks.Echo/" + name)
			.setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
			.setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
			.setIdempotent(true)
			.build();
	}

	private static final class Echo implements BindableService {

		@Override
		public ServerServiceDefinition bindService() {
			return ServerServiceDefinition.builder("benchmarks.Echo")
				.addMethod(ECHO, ServerCalls.asyncUnaryCall(this::echo))
				.addMethod(BLOCK, ServerCalls.asyncUnaryCall(this::block))
				.build();
		}

		void echo(BytesValue request, StreamObserver<BytesValue> observer) {
			observer.onNext(request);
			observer.onCompleted();
		}

		@Blocking
		void block(BytesValue request, StreamObserver<BytesValue> observer) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BLOCKED_MILLIS));
			echo(request, observer);
		}

	}

}
