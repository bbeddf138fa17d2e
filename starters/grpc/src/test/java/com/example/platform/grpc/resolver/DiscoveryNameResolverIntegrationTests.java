package com.example.platform.grpc.resolver;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class DiscoveryNameResolverIntegrationTests {

	private final ConsulAgent agent = TestServers.newConsul();

	private final TestRegistry registry = new TestRegistry(agent);

	private final Consul consul = new Consul(agent.address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final DiscoveryNameResolverProvider resolver = new DiscoveryNameResolverProvider(directory,
			ServiceConfigs.union(List.of()));

	private final ManagedChannel channel = ManagedChannelBuilder.forTarget("discovery:///user-service")
		.defaultLoadBalancingPolicy("round_robin")
		.usePlaintext()
		.build();

	private final HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel);

	private final List<CountingServer> servers = new ArrayList<>();

	@AfterEach
	void close() {
		channel.shutdownNow();
		servers.forEach((server) -> server.server.shutdownNow());
		resolver.close();
		directory.close();
		consul.close();
		agent.close();
	}

	@Test
	void callsSpreadEvenlyOverAllInstances() throws IOException {
		CountingServer one = serve("user-service-1");
		CountingServer two = serve("user-service-2");
		await().until(() -> callsReach(one) && callsReach(two));
		one.calls.set(0);
		two.calls.set(0);
		call(1_000);
		assertThat(one.calls).hasValue(500);
		assertThat(two.calls).hasValue(500);
	}

	@Test
	void anInstanceThatComesGetsCallsAndOneThatGoesGetsNoneAnyMore() throws IOException {
		CountingServer one = serve("user-service-1");
		await().until(() -> callsReach(one));
		CountingServer two = serve("user-service-2");
		await().until(() -> callsReach(two));
		registry.deregister("user-service-1");
		await().until(() -> {
			int before = one.calls.get();
			call(10);
			return one.calls.get() == before;
		});
		assertThat(two.calls).hasPositiveValue();
	}

	@Test
	void anInstanceWithoutAGrpcPortIsAnErrorInTheLogAndGetsNoCalls(CapturedOutput output) throws IOException {
		CountingServer withPort = serve("user-service-1");
		CountingServer withoutPort = new CountingServer();
		servers.add(withoutPort);
		await().until(() -> callsReach(withPort));
		registry.register("user-service", "user-service-2", withoutPort.server.getPort(), Map.of());
		await()
			.until(() -> output.getAll().contains("user-service-2 of user-service is registered without 'grpc_port'"));
		call(100);
		assertThat(withPort.calls).hasPositiveValue();
		assertThat(withoutPort.calls).hasValue(0);
	}

	@Test
	void anInstanceWhoseNameCannotBeResolvedIsAnErrorInTheLogAndGetsNoCalls(CapturedOutput output) throws IOException {
		CountingServer one = serve("user-service-1");
		await().until(() -> callsReach(one));
		registry.register("user-service", "user-service-2", "no-such-host.invalid", 1,
				Map.of("grpc_port", Integer.toString(one.server.getPort())));
		await().until(() -> output.getAll()
			.contains("user-service-2 of user-service is registered at 'no-such-host.invalid'"));
		one.calls.set(0);
		call(100);
		assertThat(one.calls).hasValue(100);
	}

	@Test
	void aServiceThatNobodyServesFailsWithTheReason() {
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(this::callOnce)
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
			.withMessageContaining("Consul knows no passing instance of user-service");
	}

	@Test
	void callsGoOnWhileConsulIsAway() throws IOException {
		CountingServer one = serve("user-service-1");
		await().until(() -> callsReach(one));
		agent.close();
		await().until(() -> !ConsulAgent.answers(agent.port()));
		one.calls.set(0);
		call(100);
		assertThat(one.calls).hasValue(100);
	}

	@Test
	void aTargetThatNamesNoServiceIsRefusedWithTheRemedy() {
		for (String target : List.of("discovery:///", "discovery://user-service", "discovery:///a/b")) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> ManagedChannelBuilder.forTarget(target).build().shutdownNow())
				.withMessageContaining("discovery:///user-service");
		}
	}

	private CountingServer serve(String id) throws IOException {
		CountingServer server = new CountingServer();
		servers.add(server);
		registry.register("user-service", id, 1, Map.of("grpc_port", "" + server.server.getPort()));
		return server;
	}

	private boolean callsReach(CountingServer server) {
		int before = server.calls.get();
		for (int i = 0; i < 4; i++) {
			try {
				callOnce();
			}
			catch (StatusRuntimeException ex) {
				// The channel does not know any instance yet.
				return false;
			}
		}
		return server.calls.get() > before;
	}

	private void call(int times) {
		for (int i = 0; i < times; i++) {
			callOnce();
		}
	}

	private void callOnce() {
		assertThat(stub.check(HealthCheckRequest.getDefaultInstance()).getStatus())
			.isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
	}

	private static final class CountingServer extends HealthGrpc.HealthImplBase {

		private final AtomicInteger calls = new AtomicInteger();

		private final Server server;

		private CountingServer() throws IOException {
			this.server = ServerBuilder.forPort(0).addService(this).build().start();
		}

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
			calls.incrementAndGet();
			answer
				.onNext(HealthCheckResponse.newBuilder().setStatus(HealthCheckResponse.ServingStatus.SERVING).build());
			answer.onCompleted();
		}

	}

}
