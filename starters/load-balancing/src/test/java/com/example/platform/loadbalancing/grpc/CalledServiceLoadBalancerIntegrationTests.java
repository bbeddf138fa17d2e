package com.example.platform.loadbalancing.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.loadbalancing.BalancingSettings;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.propagation.grpc.PropagatedHeaders;
import com.example.platform.propagation.grpc.PropagatingClientInterceptor;
import com.example.platform.propagation.grpc.PropagatingServerInterceptor;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class CalledServiceLoadBalancerIntegrationTests {

	private final ConsulAgent agent = TestServers.newConsul();

	private final TestRegistry registry = new TestRegistry(agent);

	private final Consul consul = new Consul(agent.address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final CalledServiceLoadBalancerProvider provider = new CalledServiceLoadBalancerProvider(services);

	private final DiscoveryNameResolverProvider resolver = new DiscoveryNameResolverProvider(directory,
			provider.serviceConfigs());

	// As Spring Boot builds a channel that nobody configures.
	private final ManagedChannel channel = ManagedChannelBuilder.forTarget("discovery:///user-service")
		.defaultLoadBalancingPolicy("round_robin")
		.usePlaintext()
		.build();

	private final HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel);

	private final Map<String, Instance> instances = new HashMap<>();

	@AfterEach
	void close() {
		channel.shutdownNow();
		instances.values().forEach((instance) -> instance.server.shutdownNow());
		provider.close();
		resolver.close();
		services.close();
		directory.close();
		consul.close();
		agent.close();
	}

	@Test
	void callsSpreadByPolicyAndThePolicyIsSwitchedWithoutClosingTheChannel() throws IOException {
		serve(3, Map.of());
		assertThat(callsOf(300, stub)).containsOnly(Map.entry("0", 100), Map.entry("1", 100), Map.entry("2", 100));
		for (PolicyName policy : PolicyName.values()) {
			services.configure((service) -> TestServices.settings(policy));
			int calls = callsOf(60, stub).values().stream().mapToInt(Integer::intValue).sum();
			assertThat(calls).isEqualTo(60);
		}
		assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
	}

	@Test
	void noCallFailsWhenAServerDies() throws IOException {
		serve(3, Map.of());
		call(30);
		instance("1").server.shutdownNow();
		await().until(() -> instance("1").server.isTerminated());
		// The connection's end is noticed by an event of its own.
		await().until(() -> {
			try {
				call(3);
				return true;
			}
			catch (StatusRuntimeException ex) {
				return false;
			}
		});
		assertThat(callsOf(300, stub)).containsOnlyKeys("0", "2");
	}

	@Test
	void anInstanceThatAnswersWithErrorsIsTakenOut() throws IOException {
		serve(2, Map.of());
		instance("0").answer = Status.UNAVAILABLE;
		AtomicInteger failures = new AtomicInteger();
		// Another thread takes it out, while calls go on.
		await().until(() -> {
			try {
				call(1);
			}
			catch (StatusRuntimeException ex) {
				failures.incrementAndGet();
			}
			return view("0").out() != null;
		});
		await().ignoreExceptionsInstanceOf(StatusRuntimeException.class)
			.untilAsserted(() -> assertThat(callsOf(100, stub)).containsOnlyKeys("1"));
		assertThat(view("0").out()).isEqualTo("3 failures in a row");
		assertThat(view("0").failures()).isGreaterThanOrEqualTo(failures.get());
	}

	@Test
	void anErrorOfTheCallersOwnIsNoFailure() throws IOException {
		serve(2, Map.of());
		instance("0").answer = Status.INVALID_ARGUMENT;
		for (int i = 0; i < 20; i++) {
			try {
				call(1);
			}
			catch (StatusRuntimeException ex) {
				assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
			}
		}
		assertThat(view("0").out()).isNull();
	}

	@Test
	void callsOfAKeyGoToOneInstanceByCallOptionAndByMetadataAlike() throws IOException {
		serve(5, Map.of());
		services.configure((service) -> TestServices.settings(PolicyName.CONSISTENT_HASH));
		for (String user : List.of("1", "2", "3", "4")) {
			Map<String, Integer> byOption = callsOf(20, stub.withOption(CallKey.OPTION, user));
			Map<String, Integer> byMetadata = callsOf(20, stub.withInterceptors(metadata("x-user-id", user)));
			assertThat(byOption).hasSize(1);
			assertThat(byMetadata).isEqualTo(byOption);
		}
	}

	@Test
	void callsThatAskForACanaryGetOne() throws IOException {
		serve(2, Map.of());
		serve("canary", Map.of("version", "2.0"));
		awaitReady(3);
		assertThat(callsOf(20, stub.withInterceptors(metadata("x-canary", "true")))).containsOnlyKeys("canary");
		assertThat(callsOf(20, stub.withInterceptors(metadata("x-canary", "false")))).containsOnlyKeys("0", "1");
		assertThat(callsOf(20, stub)).containsOnlyKeys("0", "1");
	}

	@Test
	void callsMadeForACallThatAskedForACanaryGetOneToo() throws IOException {
		serve(2, Map.of());
		serve("canary", Map.of("version", "2.0"));
		awaitReady(3);
		HealthGrpc.HealthBlockingStub onwards = stub.withInterceptors(new PropagatingClientInterceptor());
		Server between = ServerBuilder.forPort(0)
			.addService(ServerInterceptors.intercept(new Forwarder(onwards),
					new PropagatingServerInterceptor(new PropagatedHeaders(List.of("x-canary")))))
			.build()
			.start();
		ManagedChannel toBetween = ManagedChannelBuilder.forAddress("127.0.0.1", between.getPort())
			.usePlaintext()
			.build();
		HealthGrpc.HealthBlockingStub caller = HealthGrpc.newBlockingStub(toBetween);
		assertThat(callsOf(20, caller.withInterceptors(metadata("x-canary", "true")))).containsOnlyKeys("canary");
		assertThat(callsOf(20, caller)).containsOnlyKeys("0", "1");
		toBetween.shutdownNow();
		between.shutdownNow();
	}

	@Test
	void aWeightThatChangesIsObeyedWithoutAnyReconnection() throws IOException {
		serve(2, Map.of());
		services.configure((service) -> TestServices.settings(PolicyName.WEIGHTED_ROUND_ROBIN));
		registry.register("user-service", "0", 1,
				Map.of("grpc_port", "" + instance("0").server.getPort(), "weight", "3"));
		await().until(() -> callsOf(40, stub).equals(Map.of("0", 30, "1", 10)));
		assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
	}

	@Test
	void aSubsetThatIsSavedIsObeyedAtOnce() throws IOException {
		serve(4, Map.of());
		services.configure((service) -> subset(2));
		await().until(() -> callsOf(40, stub).size() == 2);
		services.configure((service) -> subset(0));
		await().until(() -> callsOf(40, stub).size() == 4);
	}

	@Test
	void aThousandInstancesAreConnectedAndCalledByEveryPolicy() throws IOException {
		Instance server = new Instance("all");
		instances.put("all", server);
		for (int i = 0; i < 1000; i++) {
			registry.register("user-service", "i" + i, 1, Map.of("grpc_port", "" + server.server.getPort()));
		}
		await().atMost(Duration.ofSeconds(60)).until(() -> instances().size() == 1000);
		for (PolicyName policy : PolicyName.values()) {
			services.configure((service) -> TestServices.settings(policy));
			call(50);
		}
		await().atMost(Duration.ofSeconds(60)).until(() -> {
			call(200);
			return instances().stream().filter((instance) -> instance.picks() > 0).count() > 900;
		});
	}

	@Test
	void whatIsUnderWayIsCountedAndNothingStaysBehind() throws IOException {
		serve(2, Map.of());
		call(10);
		await().untilAsserted(
				() -> assertThat(instances()).allSatisfy((instance) -> assertThat(instance.inFlight()).isZero()));
		assertThat(view("0").picks() + view("1").picks()).isGreaterThanOrEqualTo(10);
		assertThat(view("0").responseMillis()).isPositive();
	}

	@Test
	void aServiceThatLosesItsLastInstanceFailsAtOnceAndRecovers() throws IOException {
		serve(1, Map.of());
		registry.deregister("0");
		await().until(() -> {
			try {
				call(1);
				return false;
			}
			catch (StatusRuntimeException ex) {
				return ex.getStatus().getCode() == Status.Code.UNAVAILABLE;
			}
		});
		serve("1", Map.of());
		awaitReady(1);
	}

	// gRPC's own pauses (1 s, 1.6 s, 2.6 s, ...) would have it try four times in this
	// time.
	@Test
	void anInstanceThatIsListedIsTriedAgainForAsLongAsItDoesNotAnswer() throws IOException {
		try (ServerSocket refusing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			AtomicInteger attempts = new AtomicInteger();
			Thread server = new Thread(() -> {
				try {
					while (true) {
						refusing.accept().close();
						attempts.incrementAndGet();
					}
				}
				catch (IOException ex) {
					// The test has closed the socket.
				}
			});
			server.start();
			registry.register("user-service", "0", 1, Map.of("grpc_port", "" + refusing.getLocalPort()));
			channel.getState(true);
			await().untilAsserted(() -> assertThat(view("0").out()).startsWith("no connection: "));
			await().atMost(Duration.ofSeconds(7)).until(() -> attempts.get() >= 6);
		}
	}

	@Test
	void aChannelWithAnotherKindOfTargetIsToldWhy() {
		ManagedChannel other = ManagedChannelBuilder.forTarget("static.invalid:1")
			.overrideAuthority("other")
			.defaultLoadBalancingPolicy(CalledServiceLoadBalancerProvider.POLICY)
			.usePlaintext()
			.build();
		assertThatExceptionOfType(StatusRuntimeException.class)
			.isThrownBy(() -> HealthGrpc.newBlockingStub(other).check(HealthCheckRequest.getDefaultInstance()))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
		other.shutdownNow();
	}

	private void serve(int number, Map<String, String> metadata) throws IOException {
		for (int i = 0; i < number; i++) {
			serve(Integer.toString(i), metadata);
		}
		awaitReady(number);
	}

	private void serve(String id, Map<String, String> metadata) throws IOException {
		Instance instance = new Instance(id);
		instances.put(id, instance);
		Map<String, String> all = new HashMap<>(metadata);
		all.put("grpc_port", "" + instance.server.getPort());
		registry.register("user-service", id, 1, all);
	}

	// Until each has been called: canaries need to be asked for.
	private void awaitReady(int number) {
		List<HealthGrpc.HealthBlockingStub> stubs = List.of(stub, stub.withInterceptors(metadata("x-canary", "true")));
		await().until(() -> {
			try {
				Map<String, Integer> reached = new HashMap<>();
				for (HealthGrpc.HealthBlockingStub each : stubs) {
					reached.putAll(callsOf(3 * number, each));
				}
				return reached.size() == number;
			}
			catch (StatusRuntimeException ex) {
				return false;
			}
		});
	}

	private Map<String, Integer> callsOf(int times, HealthGrpc.HealthBlockingStub caller) {
		instances.values().forEach((instance) -> instance.calls.set(0));
		for (int i = 0; i < times; i++) {
			assertThat(caller.check(HealthCheckRequest.getDefaultInstance()).getStatus())
				.isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
		}
		Map<String, Integer> calls = new HashMap<>();
		instances.values()
			.stream()
			.filter((instance) -> instance.calls.get() > 0)
			.forEach((instance) -> calls.put(instance.id, instance.calls.get()));
		return calls;
	}

	private Instance instance(String id) {
		return Objects.requireNonNull(instances.get(id));
	}

	private void call(int times) {
		for (int i = 0; i < times; i++) {
			assertThat(stub.check(HealthCheckRequest.getDefaultInstance()).getStatus())
				.isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
		}
	}

	private static BalancingSettings subset(int size) {
		BalancingSettings all = TestServices.SETTINGS;
		return new BalancingSettings(all.policy(), all.policyOptions(), all.keyHeader(), all.slowStart(), all.zone(),
				all.canary(), size, all.ejection());
	}

	private List<InstanceView> instances() {
		return new ArrayList<>(services.service("user-service").view());
	}

	private InstanceView view(String id) {
		return instances().stream().filter((instance) -> instance.id().equals(id)).findFirst().orElseThrow();
	}

	private static ClientInterceptor metadata(String name, String value) {
		Metadata metadata = new Metadata();
		metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
		return MetadataUtils.newAttachHeadersInterceptor(metadata);
	}

	private static final class Forwarder extends HealthGrpc.HealthImplBase {

		private final HealthGrpc.HealthBlockingStub onwards;

		private Forwarder(HealthGrpc.HealthBlockingStub onwards) {
			this.onwards = onwards;
		}

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			observer.onNext(onwards.check(request));
			observer.onCompleted();
		}

	}

	private static final class Instance extends HealthGrpc.HealthImplBase {

		private final String id;

		private final AtomicInteger calls = new AtomicInteger();

		private final Server server;

		private volatile Status answer = Status.OK;

		private Instance(String id) throws IOException {
			this.id = id;
			this.server = ServerBuilder.forPort(0).addService(this).build().start();
		}

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			calls.incrementAndGet();
			if (answer.isOk()) {
				observer.onNext(
						HealthCheckResponse.newBuilder().setStatus(HealthCheckResponse.ServingStatus.SERVING).build());
				observer.onCompleted();
			}
			else {
				observer.onError(answer.asException());
			}
		}

	}

}
