package com.example.platform.grpc.autoconfigure;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.autoconfigure.DiscoveryAutoConfiguration;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.GrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class GrpcClientIntegrationTests {

	private final ConsulAgent agent = TestServers.newConsul();

	private final TestRegistry registry = new TestRegistry(agent);

	private final EventLoopGroup serverLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final AtomicInteger connections = new AtomicInteger();

	private final CountDownLatch end = new CountDownLatch(1);

	private volatile boolean silent;

	private final Server server;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ConsulAutoConfiguration.class,
				ConsulClientAutoConfiguration.class, DiscoveryAutoConfiguration.class,
				GrpcDiscoveryAutoConfiguration.class, GrpcClientAutoConfiguration.class,
				PlatformGrpcAutoConfiguration.class))
		.withUserConfiguration(Stubs.class)
		.withPropertyValues("spring.cloud.consul.port=" + agent.port(),
				"spring.grpc.client.channel.user-service.target=discovery:///user-service");

	GrpcClientIntegrationTests() throws IOException {
		server = NettyServerBuilder.forPort(0)
			.bossEventLoopGroup(serverLoop)
			.workerEventLoopGroup(serverLoop)
			.channelType(NioServerSocketChannel.class)
			.permitKeepAliveTime(5, TimeUnit.SECONDS)
			.permitKeepAliveWithoutCalls(true)
			.addService(new Health())
			.addTransportFilter(new Connections())
			.build()
			.start();
	}

	@AfterEach
	void close() {
		end.countDown();
		server.shutdownNow();
		var unused = serverLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
		agent.close();
	}

	@Test
	void aDeadlineThatIsChangedCountsForTheNextCallOfTheSameConnection() {
		register();
		runner.withPropertyValues("platform.grpc.client.defaults.wait-for-ready=true").run((context) -> {
			assertThat(call(context).get(10, TimeUnit.SECONDS)).isNotNull();
			silent = true;
			TestPropertyValues.of("platform.grpc.client.services.user-service.methods.Check.deadline=50ms")
				.applyTo((ConfigurableApplicationContext) context);
			context.getBean(LiveConfiguration.class).reload();
			assertThat(statusOf(call(context))).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			silent = false;
			assertThat(channel(context).getState(false)).isEqualTo(ConnectivityState.READY);
			assertThat(connections).hasValue(1);
		});
	}

	@Test
	void aRefusedChangeLeavesTheCallsAsTheyWere() {
		register();
		runner.withPropertyValues("platform.grpc.client.defaults.wait-for-ready=true").run((context) -> {
			TestPropertyValues
				.of("platform.grpc.client.services.user-service.methods.Check.retry.max-attempts=3",
						"platform.grpc.client.services.user-service.methods.Check.deadline=1ms")
				.applyTo((ConfigurableApplicationContext) context);
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(context.getBean(LiveConfiguration.class)::reload)
				.withMessageContaining("grpc.health.v1.Health/Check");
			assertThat(call(context).get(10, TimeUnit.SECONDS)).isNotNull();
		});
	}

	@Test
	void repeatingAMethodThatMayNotBeFailsTheStart() {
		runner.withPropertyValues("platform.grpc.client.services.user-service.methods.Check.retry.max-attempts=3")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("option idempotency_level"));
	}

	@Test
	void aCallWaitsAtTheStartUntilTheServiceIsThereWhenItIsToldTo() {
		runner
			.withPropertyValues("platform.grpc.client.services.user-service.all.wait-for-ready=true",
					"platform.grpc.client.services.user-service.all.deadline=30s")
			.run((context) -> {
				await().until(() -> channel(context).getState(true) == ConnectivityState.TRANSIENT_FAILURE);
				Future<HealthCheckResponse> call = call(context);
				assertThat(call).isNotDone();
				register();
				assertThat(call.get(30, TimeUnit.SECONDS)).isNotNull();
			});
	}

	@Test
	void aCallToAPeerThatHangsEndsWithoutAnyDeadline() {
		register();
		runner.withPropertyValues("platform.grpc.client.defaults.wait-for-ready=true").run((context) -> {
			assertThat(call(context).get(10, TimeUnit.SECONDS)).isNotNull();
			CountDownLatch hung = new CountDownLatch(1);
			serverLoop.execute(() -> {
				hung.countDown();
				awaitEnd();
			});
			assertThat(hung.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(statusOf(call(context))).isEqualTo(Status.Code.UNAVAILABLE);
		});
	}

	private void register() {
		registry.register("user-service", "1", 1, Map.of("grpc_port", "" + server.getPort()));
	}

	private static ManagedChannel channel(ApplicationContext context) {
		return (ManagedChannel) context.getBean(HealthGrpc.HealthFutureStub.class).getChannel();
	}

	private static Future<HealthCheckResponse> call(ApplicationContext context) {
		return context.getBean(HealthGrpc.HealthFutureStub.class).check(HealthCheckRequest.getDefaultInstance());
	}

	private static Status.Code statusOf(Future<HealthCheckResponse> call)
			throws InterruptedException, TimeoutException {
		try {
			call.get(60, TimeUnit.SECONDS);
			return Status.Code.OK;
		}
		catch (ExecutionException ex) {
			return Status.fromThrowable(ex).getCode();
		}
	}

	private void awaitEnd() {
		try {
			end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private final class Health extends HealthGrpc.HealthImplBase {

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			if (!silent) {
				observer.onNext(HealthCheckResponse.getDefaultInstance());
				observer.onCompleted();
			}
		}

	}

	private final class Connections extends ServerTransportFilter {

		@Override
		public Attributes transportReady(Attributes attributes) {
			connections.incrementAndGet();
			return attributes;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Stubs {

		@Bean
		HealthGrpc.HealthFutureStub userService(GrpcChannelFactory channels) {
			return HealthGrpc.newFutureStub(channels.createChannel("user-service"));
		}

		@Bean
		LiveConfiguration liveConfiguration(Environment environment) {
			return new LiveConfiguration(environment, null);
		}

	}

}
