package com.example.platform.loadbalancing.grpc;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.HungInstance;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.awaitility.Awaitility.await;

/**
 * {@link HungInstance} over gRPC. Each case is a service of its own, of the same servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HungInstanceIntegrationTests {

	private final Consul consul = new Consul(TestServers.consul().address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final CalledServiceLoadBalancerProvider provider = new CalledServiceLoadBalancerProvider(services);

	private final DiscoveryNameResolverProvider resolver = new DiscoveryNameResolverProvider(directory,
			provider.serviceConfigs());

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final List<ScriptedServer> servers = new ArrayList<>();

	@BeforeAll
	void start() throws IOException {
		for (int i = 0; i < 10; i++) {
			servers.add(new ScriptedServer());
		}
	}

	@AfterAll
	void close() {
		servers.forEach(ScriptedServer::close);
		provider.close();
		resolver.close();
		services.close();
		directory.close();
		consul.close();
	}

	static Stream<Arguments> cases() {
		return Stream.of(PolicyName.values())
			.flatMap((policy) -> Stream.of(2, 10)
				.flatMap((instances) -> Stream.of("hang", "headers")
					.map((script) -> Arguments.of(policy, instances, script))));
	}

	@ParameterizedTest
	@MethodSource("cases")
	void anInstanceThatHangsLosesItsCalls(PolicyName policy, int instances, String script) throws Exception {
		String service = "grpc-" + policy + "-" + instances + "-" + script;
		services.configure((name) -> HungInstance.settings(policy));
		servers.get(0).always("");
		for (int i = 0; i < instances; i++) {
			registry.register(service, service + i, 1, Map.of("grpc_port", "" + servers.get(i).port()));
		}
		ManagedChannel channel = ManagedChannelBuilder.forTarget("discovery:///" + service)
			.usePlaintext()
			.intercept(CallProgress.interceptor())
			.build();
		try {
			AtomicInteger keys = new AtomicInteger();
			await().until(() -> call(channel, keys) && services.service(service)
				.view()
				.stream()
				.filter((each) -> each.picks() > 0)
				.count() == instances);
			servers.get(0).always(script);
			HungInstance.prove("gRPC, " + policy + ", " + instances + " instances, " + script,
					services.service(service), () -> call(channel, keys));
		}
		finally {
			channel.shutdownNow();
		}
	}

	private static boolean call(ManagedChannel channel, AtomicInteger keys) {
		try {
			ClientCalls.blockingUnaryCall(channel, ScriptedServer.method(MethodType.UNARY),
					CallOptions.DEFAULT.withDeadlineAfter(HungInstance.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
						.withOption(CallKey.OPTION, "user-" + keys.incrementAndGet() % 1000),
					ScriptedServer.message(""));
			return true;
		}
		catch (StatusRuntimeException ex) {
			return false;
		}
	}

}
