package com.example.platform.grpc.autoconfigure;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import com.example.platform.grpc.server.Blocking;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class GrpcServerIntegrationTests {

	private final CountDownLatch end = new CountDownLatch(1);

	private final Queue<String> threads = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, GrpcServerAutoConfiguration.class,
				PlatformGrpcAutoConfiguration.class))
		.withBean(BindableService.class, Waiting::new)
		.withPropertyValues("spring.grpc.server.port=0");

	@AfterEach
	void close() {
		end.countDown();
	}

	// Both are there; Spring Boot would take the shaded one.
	@ParameterizedTest
	@ValueSource(classes = { NettyServerBuilder.class, io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder.class })
	void aConnectionHasNoMoreCallsUnderWayThanAllowedWithEitherNetty(Class<?> absent) {
		runner.withClassLoader(new FilteredClassLoader(absent))
			.withPropertyValues("platform.grpc.server.max-concurrent-calls-per-connection=1")
			.run((context) -> withStub(context.getBean(GrpcServerLifecycle.class), (stub) -> {
				var first = stub.check(HealthCheckRequest.getDefaultInstance());
				await().until(() -> threads.size() == 1);
				var second = stub.check(HealthCheckRequest.getDefaultInstance());
				await().during(Duration.ofMillis(200)).until(() -> threads.size() == 1);
				end.countDown();
				await().until(() -> first.isDone() && second.isDone());
				assertThat(threads).hasSize(2);
			}));
	}

	@Test
	void aHandlerThatBlocksRunsOnThePoolForThat() {
		runner.run((context) -> assertThat(threadOfACall(context.getBean(GrpcServerLifecycle.class)))
			.contains("grpc-blocking-")
			.doesNotContain("Virtual"));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void aHandlerThatBlocksHasAVirtualThreadWhereTheyAreEnabled() {
		runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(threadOfACall(context.getBean(GrpcServerLifecycle.class)))
				.contains("grpc-blocking-")
				.contains("Virtual"));
	}

	private String threadOfACall(GrpcServerLifecycle server) {
		end.countDown();
		withStub(server, (stub) -> {
			var call = stub.check(HealthCheckRequest.getDefaultInstance());
			await().until(call::isDone);
		});
		return threads.remove();
	}

	private static void withStub(GrpcServerLifecycle server, Consumer<HealthGrpc.HealthFutureStub> use) {
		ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
		try {
			use.accept(HealthGrpc.newFutureStub(channel));
		}
		finally {
			channel.shutdownNow();
		}
	}

	@Blocking
	private final class Waiting extends HealthGrpc.HealthImplBase {

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			threads.add(Thread.currentThread().toString());
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			observer.onNext(HealthCheckResponse.getDefaultInstance());
			observer.onCompleted();
		}

	}

}
