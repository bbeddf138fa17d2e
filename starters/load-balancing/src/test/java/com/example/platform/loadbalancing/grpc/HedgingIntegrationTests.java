package com.example.platform.loadbalancing.grpc;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.client.ClientServiceConfigs;
import com.example.platform.grpc.client.ClientSettings;
import com.example.platform.grpc.client.ClientSettings.CallPolicy;
import com.example.platform.grpc.client.HedgingInterceptor;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.HungInstance;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Hedging and balancing together: the second attempt goes elsewhere, and the first is
 * remembered.
 */
class HedgingIntegrationTests {

	private static final Duration DEADLINE = Duration.ofSeconds(2);

	private static final MethodDescriptor<HealthCheckRequest, HealthCheckRequest> METHOD = ScriptedServer
		.method(MethodType.UNARY)
		.toBuilder()
		.setIdempotent(true)
		.build();

	private final Consul consul = new Consul(TestServers.consul().address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final CalledServiceLoadBalancerProvider provider = new CalledServiceLoadBalancerProvider(services);

	private final DiscoveryNameResolverProvider resolver = new DiscoveryNameResolverProvider(directory,
			provider.serviceConfigs());

	private final ScriptedServer hung = new ScriptedServer();

	private final ScriptedServer healthy = new ScriptedServer();

	HedgingIntegrationTests() throws IOException {
	}

	@AfterEach
	void close() {
		hung.close();
		healthy.close();
		provider.close();
		resolver.close();
		services.close();
		directory.close();
		consul.close();
	}

	@ParameterizedTest
	@EnumSource
	void noCallFailsWhileAnInstanceHangs(PolicyName policy) {
		String service = "hedging-" + policy;
		services.configure((name) -> HungInstance.settings(policy));
		new TestRegistry(TestServers.consul()).register(service, service + 0, 1, Map.of("grpc_port", "" + hung.port()));
		new TestRegistry(TestServers.consul()).register(service, service + 1, 1,
				Map.of("grpc_port", "" + healthy.port()));
		// Where each call at the instance that hangs counts, none of the other may be so
		// slow
		// that it is hedged there, on a busy machine either.
		boolean counted = policy == PolicyName.LEAST_REQUEST;
		Duration deadline = counted ? DEADLINE.multipliedBy(3) : DEADLINE;
		HedgingInterceptor hedging = hedging(deadline.dividedBy(counted ? 4 : 20));
		ManagedChannel channel = ManagedChannelBuilder.forTarget("discovery:///" + service)
			.usePlaintext()
			.intercept(hedging, CallProgress.interceptor())
			.build();
		try {
			AtomicInteger keys = new AtomicInteger();
			await().ignoreExceptions().until(() -> {
				call(channel, keys.incrementAndGet(), deadline);
				// A call that was slow to begin may be under way still, and was made
				// elsewhere.
				return services.service(service)
					.view()
					.stream()
					.allMatch((each) -> each.picks() > 0 && each.inFlight() == 0);
			});
			hung.always("hang");
			long before = hung.calls();
			for (int i = 0; i < 50; i++) {
				call(channel, i, deadline);
			}
			System.out.printf("%s: %d of 50 calls met the instance that hung%n", policy, hung.calls() - before);
			if (counted) {
				// The first is still under way there.
				assertThat(hung.calls() - before).isEqualTo(1);
				assertThat(view(service).inFlight()).isEqualTo(1);
			}
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(view(service).inFlight()).isZero();
				assertThat(view(service).failures()).isEqualTo(hung.calls() - before);
			});
		}
		finally {
			channel.shutdownNow();
			hedging.close();
		}
	}

	private HedgingInterceptor hedging(Duration delay) {
		return new HedgingInterceptor(new ClientServiceConfigs(List::of,
				new ClientSettings(new CallPolicy(null, null, null, new CallPolicy.Hedging(true, delay, Duration.ZERO)),
						Map.of(), new ClientSettings.RetryBudget(0, 0), new ClientSettings.HedgingBudget(1000, 0))),
				resolver::isService, (task) -> task);
	}

	private InstanceView view(String service) {
		return services.service(service)
			.view()
			.stream()
			.filter((instance) -> instance.id().endsWith("0"))
			.findFirst()
			.orElseThrow();
	}

	// As for a request that is over with its answer.
	private static void call(ManagedChannel channel, int key, Duration deadline) {
		Context.CancellableContext request = Context.current().withCancellation();
		request.run(() -> ClientCalls.blockingUnaryCall(channel, METHOD,
				CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
					.withOption(CallKey.OPTION, "user-" + key),
				ScriptedServer.message("")));
		request.cancel(null);
	}

}
