package com.example.platform.loadbalancing.springcloud;

import java.net.BindException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.netty.channel.ChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CalledServiceReactorLoadBalancerIntegrationTests {

	private final String service;

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final Consul consul = new Consul(TestServers.consul().address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final CalledService called;

	private final CalledServiceReactorLoadBalancer balancer;

	// A service of its own for each test, since they share the agent.
	CalledServiceReactorLoadBalancerIntegrationTests(TestInfo test) {
		service = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
		called = services.service(service);
		balancer = new CalledServiceReactorLoadBalancer(called, directory);
	}

	@AfterEach
	void close() {
		services.close();
		directory.close();
		consul.close();
	}

	@Test
	void nobodyIsChosenWhereNobodyServes() {
		assertThat(response(Map.of()).hasServer()).isFalse();
	}

	@Test
	void instancesAreTakenInTurnAndOneThatComesTakesPart() {
		register("1", Map.of());
		register("2", Map.of());
		await().until(() -> chosen(2, Map.of()).size() == 2);
		register("3", Map.of());
		await().until(() -> chosen(3, Map.of()).size() == 3);
	}

	@Test
	void requestsOfAKeyGoToOneInstance() {
		register("1", Map.of());
		register("2", Map.of());
		await().until(() -> chosen(2, Map.of()).size() == 2);
		services.configure((name) -> TestServices.settings(PolicyName.CONSISTENT_HASH));
		assertThat(chosen(20, Map.of("x-user-id", "7"))).hasSize(1);
	}

	@Test
	void requestsThatAskForACanaryGetOne() {
		register("1", Map.of());
		register("2", Map.of("version", "2.0"));
		await().until(() -> chosen(2, Map.of("x-canary", "true")).equals(Set.of(id("2"))));
		assertThat(chosen(4, Map.of())).containsExactly(id("1"));
	}

	@Test
	void aRepeatedRequestGoesWhereItWasNotSentBeforeWhateverItsKey() {
		register("1", Map.of());
		register("2", Map.of());
		await().until(() -> chosen(2, Map.of()).size() == 2);
		services.configure((name) -> TestServices.settings(PolicyName.CONSISTENT_HASH));
		Map<String, Object> attributes = new HashMap<>();
		BalancedCall first = call(attributes);
		assertThat(call(attributes).getInstanceId()).isEqualTo(first.getInstanceId());
		first.rememberIn(attributes);
		BalancedCall second = call(attributes);
		assertThat(second.getInstanceId()).isNotEqualTo(first.getInstanceId());
		second.rememberIn(attributes);
		assertThat(call(attributes).getInstanceId()).isIn(id("1"), id("2"));
	}

	@Test
	void aCallIsUnderWayUntilItEndsAndAnErrorIsAFailure() {
		register("1", Map.of());
		await().until(() -> chosen(1, Map.of()).size() == 1);
		BalancedCallLifecycle lifecycle = new BalancedCallLifecycle();
		Request<Object> request = new DefaultRequest<>(new Object());
		Response<ServiceInstance> response = response(Map.of());
		lifecycle.onStart(request);
		lifecycle.onStartRequest(request, response);
		assertThat(view().inFlight()).isEqualTo(1);
		lifecycle.onComplete(new CompletionContext<>(CompletionContext.Status.FAILED,
				new IllegalStateException("as expected"), request, response));
		lifecycle.onComplete(new CompletionContext<>(CompletionContext.Status.SUCCESS, request, response));
		assertThat(view().inFlight()).isZero();
		assertThat(view().failures()).isEqualTo(1);
	}

	@Test
	void anInstanceThatLetsNobodyConnectIsOutAtOnceButNeverTheLast() {
		register("1", Map.of());
		register("2", Map.of());
		await().until(() -> chosen(2, Map.of()).size() == 2);
		for (int i = 0; i < 4; i++) {
			BalancedCall call = call(Map.of());
			call.start();
			call.failed(new IllegalStateException(new ConnectException("Connection refused")));
			await().until(() -> chosen(4, Map.of()).size() == 1);
		}
		assertThat(called.view()).filteredOn((instance) -> instance.out() != null)
			.singleElement()
			.extracting(InstanceView::out)
			.isEqualTo("no connection for a call");
	}

	@Test
	void whatThisProcessLacksIsNoFailureAndNoSuccessOfAnInstance() {
		register("1", Map.of());
		register("2", Map.of());
		await().until(() -> chosen(2, Map.of()).size() == 2);
		services.configure((name) -> TestServices.settings(PolicyName.CONSISTENT_HASH));
		Throwable failure = new IllegalStateException("as expected");
		for (Throwable each : List.of(failure, failure,
				new IllegalStateException(new BindException("Cannot assign requested address")),
				new ChannelException("Too many open files"))) {
			BalancedCall call = call(Map.of());
			call.start();
			call.failed(each);
		}
		assertThat(called.view()).extracting(InstanceView::failures).containsExactlyInAnyOrder(0L, 2L);
		assertThat(called.view()).extracting(InstanceView::out).containsOnlyNulls();
		BalancedCall third = call(Map.of());
		third.start();
		third.failed(failure);
		await().until(() -> called.view().stream().anyMatch((instance) -> instance.out() != null));
	}

	@Test
	void theLengthOfAnUpgradedConnectionIsNoResponseTime() {
		register("1", Map.of());
		await().until(() -> chosen(1, Map.of()).size() == 1);
		BalancedCall call = call(Map.of());
		call.start();
		call.answered(BalancedCall.SWITCHED, null);
		assertThat(view().responseMillis()).isZero();
	}

	@Test
	void aCallThatWasCancelledIsNoFailure() {
		register("1", Map.of());
		await().until(() -> chosen(1, Map.of()).size() == 1);
		BalancedCall call = call(Map.of());
		call.start();
		call.cancelled();
		call.failed(null);
		assertThat(view().inFlight()).isZero();
		assertThat(view().failures()).isZero();
	}

	private void register(String id, Map<String, String> metadata) {
		registry.register(service, id(id), 8101, metadata);
	}

	private String id(String id) {
		return service + "-" + id;
	}

	private InstanceView view() {
		return called.view().get(0);
	}

	private Set<String> chosen(int times, Map<String, String> headers) {
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < times; i++) {
			ServiceInstance instance = response(headers).getServer();
			ids.add((instance != null) ? String.valueOf(instance.getInstanceId()) : "nobody");
		}
		return ids;
	}

	private BalancedCall call(Map<String, Object> attributes) {
		return (BalancedCall) Objects.requireNonNull(response(Map.of("x-user-id", "7"), attributes).getServer());
	}

	private Response<ServiceInstance> response(Map<String, String> headers) {
		return response(headers, Map.of());
	}

	private Response<ServiceInstance> response(Map<String, String> headers, Map<String, Object> attributes) {
		HttpHeaders all = new HttpHeaders();
		headers.forEach(all::add);
		RequestData data = new RequestData(HttpMethod.GET, URI.create("http://" + service + "/"), all,
				new LinkedMultiValueMap<>(), attributes);
		return Objects
			.requireNonNull(Mono.from(balancer.choose(new DefaultRequest<>(new RequestDataContext(data)))).block());
	}

}
