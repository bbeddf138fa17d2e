package com.example.platform.discovery;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.test.AgentProxy;
import com.example.platform.test.AgentProxy.Fault;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
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
	void anInstanceAtAnAddressThatLeadsNowhereIsOutAndAnErrorInTheLogOnce(CapturedOutput output) {
		registry.register("user-service", "user-service-1", 1, Map.of());
		registry.register("user-service", "user-service-2", "my_host", 2, Map.of());
		registry.register("user-service", "user-service-3", " 127.0.0.1", 3, Map.of());
		registry.register("user-service", "user-service-4", "127.0.0.1/users", 4, Map.of());
		registry.register("user-service", "user-service-5", "", 5, Map.of());
		await().until(() -> directory.view("user-service").unavailable().size() == 3
				&& ids(directory.instances("user-service").join()).equals(List.of("user-service-1", "user-service-5")));
		assertThat(directory.view("user-service").unavailable()).containsEntry("user-service-2",
				"unusable address: 'my_host'");
		registry.deregister("user-service-5");
		await().until(() -> directory.instances("user-service").join().size() == 1);
		assertThat(output.getAll().split("user-service-2 of user-service is registered with an unusable address", -1))
			.hasSize(2);
	}

	@Test
	void aListenerThatFailsBlocksEndsOrSubscribesKeepsNoOtherFromHearing() {
		CountDownLatch blocked = new CountDownLatch(1);
		AtomicReference<ServiceDirectory.@Nullable Subscription> mine = new AtomicReference<>();
		List<List<String>> byNested = new CopyOnWriteArrayList<>();
		List<List<String>> byLast = new CopyOnWriteArrayList<>();
		directory.onWatch((service) -> {
			throw new IllegalStateException("a listener to names");
		});
		directory.subscribe("user-service", (endpoints) -> {
			throw new StackOverflowError("a listener");
		});
		directory.subscribe("user-service", (endpoints) -> {
			if (!endpoints.isEmpty()) {
				awaitQuietly(blocked);
			}
		});
		mine.set(directory.subscribe("user-service", (endpoints) -> {
			ServiceDirectory.Subscription own = mine.getAndSet(null);
			if (own != null) {
				own.close();
				directory.subscribe("user-service", (nested) -> byNested.add(ids(nested)));
			}
		}));
		directory.subscribe("user-service", (endpoints) -> byLast.add(ids(endpoints)));
		registry.register("user-service", "user-service-1", 1, Map.of());
		await().until(() -> byLast.contains(List.of("user-service-1")) && byNested.contains(List.of("user-service-1")));
		registry.register("order-service", "order-service-1", 1, Map.of());
		assertThat(directory.instances("order-service").join()).hasSize(1);
		registry.deregister("user-service-1");
		await().until(() -> last(byLast).isEmpty() && last(byNested).isEmpty());
		blocked.countDown();
	}

	@Test
	void whatIsNoListOfInstancesLeavesTheLastOne() throws IOException {
		registry.register("user-service", "user-service-1", 1, Map.of());
		try (AgentProxy proxy = new AgentProxy(agent.port());
				Consul proxied = new Consul(proxy.address(), null);
				ServiceDirectory other = new ServiceDirectory(proxied, Duration.ofSeconds(1))) {
			List<List<String>> heard = new CopyOnWriteArrayList<>();
			other.subscribe("user-service", (endpoints) -> heard.add(ids(endpoints)));
			await().until(() -> heard.contains(List.of("user-service-1")));
			for (String body : List.of("", "{}", "[{}]", "[{\"Service\":", "null", "<html>")) {
				proxy.spoil(Fault.instead(
						"HTTP/1.1 200 OK\r\nX-Consul-Index: 1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
						1));
				await().until(() -> proxy.spoilt() > 0);
			}
			proxy.spoil(null);
			registry.register("user-service", "user-service-2", 2, Map.of());
			await().until(() -> heard.contains(List.of("user-service-1", "user-service-2")));
			assertThat(heard).hasSize(2);
		}
	}

	@Test
	void whileConsulIsAwayAtTheStartTheListThatWasKeptHasToDo(@TempDir Path folder) throws IOException {
		registry.register("user-service", "user-service-1", "::1", 1, Map.of("grpc_port", "9101"));
		registry.register("order-service", "order-service-1", 1, Map.of());
		URI address = agent.address();
		InstanceSnapshots snapshots = new InstanceSnapshots(folder, address, Duration.ofMinutes(5), Clock.systemUTC());
		try (ServiceDirectory before = new ServiceDirectory(consul, Duration.ofSeconds(1), snapshots)) {
			before.instances("user-service").join();
			before.instances("order-service").join();
			await()
				.until(() -> snapshots.read("user-service").isPresent() && snapshots.read("order-service").isPresent());
		}
		agent.close();
		try (Stream<Path> files = Files.list(folder)) {
			Path old = files.filter((file) -> file.toString().contains("order-service")).findFirst().orElseThrow();
			Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(6))));
		}
		try (ServiceDirectory after = new ServiceDirectory(consul, Duration.ofSeconds(30),
				new InstanceSnapshots(folder, address, Duration.ofMinutes(5), Clock.systemUTC()))) {
			CompletableFuture<List<ServiceEndpoint>> tooOld = after.instances("order-service");
			assertThat(after.instances("user-service").join()).containsExactly(
					new ServiceEndpoint("user-service-1", "user-service", "::1", 1, Map.of("grpc_port", "9101"), 1));
			assertThat(after.view("user-service").index()).isZero();
			assertThat(after.view("no-service").available()).isEmpty();
			try (ConsulAgent empty = TestServers.newConsul(address.getPort())) {
				new TestRegistry(empty).register("user-service", "user-service-2", 2, Map.of());
				await().until(() -> ids(after.instances("user-service").join())
					.equals(List.of("user-service-1", "user-service-2")));
				assertThat(tooOld.join()).isEmpty();
			}
		}
	}

	@Test
	void aListThatWasKeptIsNeverPreferredToWhatConsulSays(@TempDir Path folder) {
		InstanceSnapshots snapshots = new InstanceSnapshots(folder, agent.address(), Duration.ofMinutes(5),
				Clock.systemUTC());
		snapshots.keep("user-service",
				List.of(new ServiceEndpoint("user-service-1", "user-service", "127.0.0.1", 8101, Map.of(), 1)));
		try (ServiceDirectory started = new ServiceDirectory(consul, Duration.ofSeconds(1), snapshots)) {
			assertThat(started.instances("user-service").join()).isEmpty();
			assertThat(snapshots.read("user-service")).isPresent();
		}
	}

	private static List<String> last(List<List<String>> heard) {
		return heard.get(heard.size() - 1);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private List<Integer> weights() {
		return directory.instances("user-service").join().stream().map(ServiceEndpoint::weight).toList();
	}

	private static List<String> ids(List<ServiceEndpoint> endpoints) {
		return endpoints.stream().map(ServiceEndpoint::instanceId).toList();
	}

}
