package com.example.platform.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ServiceDirectoryIntegrationTests {

	private final ConsulAgent agent = TestServers.newConsul();

	private final TestRegistry registry = new TestRegistry(agent);

	private final Consul consul = new Consul(agent.address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	@AfterEach
	void close() {
		directory.close();
		consul.close();
		agent.close();
	}

	@Test
	void anInstanceIsKnownWithAllThatItRegistered() {
		registry.register("user-service", "user-service-1", 8101, Map.of("grpc_port", "9101", "zone", "a"));
		assertThat(directory.instances("user-service").join()).containsExactly(new ServiceEndpoint("user-service-1",
				"user-service", "127.0.0.1", 8101, Map.of("grpc_port", "9101", "zone", "a"), 1));
	}

	@Test
	void anUnknownServiceHasNoInstances() {
		assertThat(directory.instances("nobody").join()).isEmpty();
	}

	@Test
	void everyChangeIsHeardWithoutAsking() {
		List<List<String>> heard = new CopyOnWriteArrayList<>();
		directory.subscribe("user-service", (endpoints) -> heard.add(ids(endpoints)));
		await().until(() -> heard.equals(List.of(List.of())));
		registry.register("user-service", "user-service-2", 1, Map.of());
		await().until(() -> heard.size() == 2);
		registry.register("user-service", "user-service-1", 2, Map.of());
		await().until(() -> heard.size() == 3);
		registry.deregister("user-service-2");
		await().until(() -> heard.size() == 4);
		assertThat(heard).containsExactly(List.of(), List.of("user-service-2"),
				List.of("user-service-1", "user-service-2"), List.of("user-service-1"));
	}

	@Test
	void aLateSubscriberHearsTheListAtOnceAndAClosedOneNothing() {
		registry.register("user-service", "user-service-1", 1, Map.of());
		directory.instances("user-service").join();
		List<List<String>> heard = new CopyOnWriteArrayList<>();
		ServiceDirectory.Subscription subscription = directory.subscribe("user-service",
				(endpoints) -> heard.add(ids(endpoints)));
		assertThat(heard).containsExactly(List.of("user-service-1"));
		subscription.close();
		registry.deregister("user-service-1");
		await().until(() -> directory.instances("user-service").join().isEmpty());
		assertThat(heard).hasSize(1);
	}

	@Test
	void anInstanceCountsOnlyWhileItsCheckPasses() {
		registry.registerCritical("user-service", "user-service-1");
		assertThat(directory.instances("user-service").join()).isEmpty();
		registry.pass("user-service-1");
		await().until(() -> ids(directory.instances("user-service").join()).equals(List.of("user-service-1")));
	}

	@Test
	void anInstanceThatWarnsCountsWithTheWeightThatConsulKeepsForThat() {
		consul.put("/v1/agent/service/register", """
				{"Name": "user-service", "ID": "user-service-1", "Port": 1, "Weights": {"Passing": 8, "Warning": 2},
				 "Check": {"CheckID": "lifecycle", "TTL": "60s", "Status": "passing"}}""").join();
		await().until(() -> weights().equals(List.of(8)));
		consul.put("/v1/agent/check/warn/lifecycle", "").join();
		await().until(() -> weights().equals(List.of(2)));
	}

	@Test
	void whomOnlyProbesMissIsTheLastResort() {
		registry.register("user-service", "user-service-2", 2, Map.of());
		consul.put("/v1/agent/service/register", """
				{"Name": "user-service", "ID": "user-service-1", "Port": 1, "Checks": [
				  {"CheckID": "user-service-1:lifecycle", "TTL": "60s", "Status": "passing"},
				  {"HTTP": "http://127.0.0.1:1/nobody-listens", "Interval": "60s", "Status": "critical"}]}""").join();
		await().until(() -> directory.view("user-service").unavailable().containsKey("user-service-1"));
		assertThat(ids(directory.instances("user-service").join())).containsExactly("user-service-2");
		registry.deregister("user-service-2");
		await().until(() -> ids(directory.instances("user-service").join()).equals(List.of("user-service-1")));
		assertThat(directory.view("user-service").unavailable()).containsKey("user-service-1");
		consul.put("/v1/agent/check/fail/user-service-1:lifecycle", "").join();
		await().until(() -> directory.instances("user-service").join().isEmpty());
	}

	@Test
	void aViewTellsWhyAnInstanceIsOut() {
		registry.register("user-service", "user-service-1", 1, Map.of());
		registry.registerCritical("user-service", "user-service-2");
		// Consul tells a new output at once only together with a new status.
		registry.pass("user-service-2");
		consul.put("/v1/agent/check/fail/user-service-2?note=" + "x".repeat(300), "").join();
		registry.register("user-service", "user-service-3", 3, Map.of());
		consul.put("/v1/agent/service/maintenance/user-service-3?enable=true&reason=upgrade", "").join();
		await().untilAsserted(() -> assertThat(directory.view("user-service").unavailable()).hasSize(2)
			.containsEntry("user-service-3", "maintenance: upgrade")
			.hasEntrySatisfying("user-service-2",
					(reason) -> assertThat(reason).hasSize(200).startsWith("critical: user-service-2: xxx")));
		ServiceView view = directory.views().get(0);
		assertThat(ids(view.available())).containsExactly("user-service-1");
		assertThat(view.index()).isPositive();
		assertThat(view.age()).isLessThan(Duration.ofMinutes(1));
	}

	@Test
	void aChangeThatLeavesTheAvailableInstancesAsTheyAreIsNotHeard() {
		List<List<String>> heard = new CopyOnWriteArrayList<>();
		directory.subscribe("user-service", (endpoints) -> heard.add(ids(endpoints)));
		registry.register("user-service", "user-service-1", 1, Map.of());
		await().until(() -> heard.contains(List.of("user-service-1")));
		int before = heard.size();
		registry.registerCritical("user-service", "user-service-2");
		await().until(() -> directory.view("user-service").unavailable().containsKey("user-service-2"));
		assertThat(heard).hasSize(before);
	}

	@Test
	void whileConsulIsAwayTheLastKnownListStays() {
		registry.register("user-service", "user-service-1", 1, Map.of());
		assertThat(directory.instances("user-service").join()).hasSize(1);
		agent.close();
		await().until(() -> !ConsulAgent.answers(agent.port()));
		assertThat(ids(directory.instances("user-service").join())).containsExactly("user-service-1");
	}

	@Test
	void whenConsulComesBackEmptyTheListStaysUntilTheInstancesAreBackOrTheGraceIsOver() {
		registry.register("user-service", "user-service-1", 1, Map.of());
		List<List<String>> heard = new CopyOnWriteArrayList<>();
		directory.subscribe("user-service", (endpoints) -> heard.add(ids(endpoints)));
		await().until(() -> heard.contains(List.of("user-service-1")));
		agent.close();
		await().until(() -> !ConsulAgent.answers(agent.port()));
		try (ConsulAgent empty = TestServers.newConsul(agent.port())) {
			new TestRegistry(empty).register("user-service", "user-service-2", 2, Map.of());
			await().until(() -> heard.contains(List.of("user-service-2")));
			assertThat(heard).doesNotContain(List.of());
		}
		await().until(() -> !ConsulAgent.answers(agent.port()));
		try (ConsulAgent empty = TestServers.newConsul(agent.port())) {
			assertThat(empty.port()).isEqualTo(agent.port());
			await().until(() -> heard.contains(List.of()));
		}
	}

	@Test
	void aPortThatIsNoPortIsNone() {
		assertThat(endpoint("9101").grpcPort()).isEqualTo(OptionalInt.of(9101));
		assertThat(endpoint("").grpcPort()).isEmpty();
		assertThat(endpoint("0").grpcPort()).isEmpty();
		assertThat(endpoint("70000").grpcPort()).isEmpty();
		assertThat(endpoint("http").grpcPort()).isEmpty();
	}

	private List<Integer> weights() {
		return directory.instances("user-service").join().stream().map(ServiceEndpoint::weight).toList();
	}

	private static ServiceEndpoint endpoint(String grpcPort) {
		return new ServiceEndpoint("user-service-1", "user-service", "127.0.0.1", 8101, Map.of("grpc_port", grpcPort),
				1);
	}

	private static List<String> ids(List<ServiceEndpoint> endpoints) {
		return endpoints.stream().map(ServiceEndpoint::instanceId).toList();
	}

}
