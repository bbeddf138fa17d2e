package com.example.platform.discovery.registration;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.test.AgentProxy;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ConsulOutageIntegrationTests {

	private static final int FLEET = 8;

	@Test
	void whenConsulRestartsEmptyAllInstancesAreBackInSecondsButNotInTheSameMoment() {
		int port = TestServers.freePort();
		ConsulAgent first = TestServers.newConsul(port);
		List<ConfigurableApplicationContext> fleet = new ArrayList<>();
		try {
			for (int i = 1; i <= FLEET; i++) {
				fleet.add(InstanceRegistrationIntegrationTests.run(port, "fleet",
						"--spring.cloud.consul.discovery.instance-id=fleet-" + i));
			}
			await().until(() -> available(first, "fleet").size() == FLEET);
			first.close();
			try (ConsulAgent second = TestServers.newConsul(port);
					Consul consul = new Consul(second.address(), null);
					ServiceDirectory directory = new ServiceDirectory(consul, Duration.ZERO)) {
				long begin = System.nanoTime();
				Map<String, Duration> back = new ConcurrentHashMap<>();
				directory.subscribe("fleet", (endpoints) -> endpoints.forEach((endpoint) -> back
					.putIfAbsent(endpoint.instanceId(), Duration.ofNanos(System.nanoTime() - begin))));
				await().until(() -> back.size() == FLEET);
				Duration earliest = Collections.min(back.values());
				Duration latest = Collections.max(back.values());
				System.out.printf("Of %d instances the first was back after %d ms, the last after %d ms%n", FLEET,
						earliest.toMillis(), latest.toMillis());
				assertThat(latest).isLessThan(Duration.ofSeconds(5));
				assertThat(latest.minus(earliest)).isGreaterThan(Duration.ofMillis(100));
			}
		}
		finally {
			fleet.forEach(ConfigurableApplicationContext::close);
		}
	}

	@Test
	void whenAnotherAgentAnswersTheInstanceRegistersThere() {
		try (ConsulAgent first = TestServers.newConsul();
				ConsulAgent second = TestServers.newConsul();
				AgentProxy proxy = new AgentProxy(first.port());
				ConfigurableApplicationContext context = InstanceRegistrationIntegrationTests.run(proxy.port(),
						"moved")) {
			await().until(() -> available(first, "moved").size() == 1);
			proxy.forwardTo(second.port());
			// A connection that breaks is opened anew unseen; then the next heartbeat
			// tells.
			await().atMost(Duration.ofSeconds(30)).until(() -> available(second, "moved").equals(List.of("moved-1")));
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void anInstanceThatConsulHearsNothingOfIsOutUntilItIsHeardAgain() {
		try (ConsulAgent agent = TestServers.newConsul();
				AgentProxy proxy = new AgentProxy(agent.port());
				ConfigurableApplicationContext context = InstanceRegistrationIntegrationTests.run(proxy.port(),
						"silent");
				Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			await().until(() -> directory.instances("silent").join().size() == 1);
			proxy.forwardToNobody();
			await().atMost(Duration.ofMinutes(1)).until(() -> directory.instances("silent").join().isEmpty());
			assertThat(directory.view("silent").unavailable().get("silent-1")).contains("silent-1:lifecycle")
				.contains("TTL");
			proxy.forwardTo(agent.port());
			await().until(() -> directory.instances("silent").join().size() == 1);
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void afterAnOutageThoseNotYetBackStayBesideThoseThatAreAndWhomConsulKnowsCountsAsItSays(CapturedOutput output) {
		try (Outage outage = new Outage("kept", 4, Duration.ofHours(1), output)) {
			TestRegistry registry = outage.registryAfter;
			registry.register("kept", "kept-2", 12, Map.of());
			// The catalog follows the agent with a delay.
			await().until(() -> registry.get("/v1/health/service/kept").contains("kept-2"));
			outage.end();
			outage.awaitLatest("kept-1:1 kept-2:12 kept-3:3 kept-4:4");
			registry.registerCritical("kept", "kept-1");
			outage.awaitLatest("kept-2:12 kept-3:3 kept-4:4");
			registry.register("kept", "kept-3", 13, Map.of());
			outage.awaitLatest("kept-2:12 kept-3:13 kept-4:4");
			registry.deregister("kept-3");
			outage.awaitLatest("kept-2:12 kept-4:4");
			registry.register("kept", "kept-4", 14, Map.of());
			outage.awaitLatest("kept-2:12 kept-4:14");
			registry.deregister("kept-4");
			outage.awaitLatest("kept-2:12");
			assertThat(outage.heard).containsExactly("kept-1:1 kept-2:2 kept-3:3 kept-4:4",
					"kept-1:1 kept-2:12 kept-3:3 kept-4:4", "kept-2:12 kept-3:3 kept-4:4",
					"kept-2:12 kept-3:13 kept-4:4", "kept-2:12 kept-4:4", "kept-2:12 kept-4:14", "kept-2:12");
			assertThat(output.getAll())
				.containsOnlyOnce("Consul came back without 3 of the instances of kept; they stay in use");
		}
	}

	@Test
	void theFirstThatIsBackInAnEmptyConsulDoesNotReplaceTheOthers(CapturedOutput output) {
		try (Outage outage = new Outage("emptied", 3, Duration.ofHours(1), output)) {
			outage.end();
			await().until(() -> output.getAll().contains("Consul came back without 3 of the instances of emptied"));
			outage.registryAfter.register("emptied", "emptied-3", 13, Map.of());
			outage.awaitLatest("emptied-1:1 emptied-2:2 emptied-3:13");
			assertThat(outage.heard).hasSize(2);
		}
	}

	@Test
	void afterTheGraceWhatConsulSaysApplies(CapturedOutput output) {
		try (Outage outage = new Outage("awaited", 3, Duration.ofMillis(500), output)) {
			outage.registryAfter.register("awaited", "awaited-1", 11, Map.of());
			outage.end();
			outage.awaitLatest("awaited-1:11");
			assertThat(outage.heard).containsExactly("awaited-1:1 awaited-2:2 awaited-3:3",
					"awaited-1:11 awaited-2:2 awaited-3:3", "awaited-1:11");
		}
	}

	@Test
	void afterAnOutageWhomOnlyProbesMissIsTheLastResortOnceNobodyIsAwaited(CapturedOutput output) {
		try (Outage outage = new Outage("missed", 2, Duration.ofHours(1), output);
				Consul consul = new Consul(outage.agentAfter.address(), null)) {
			consul.put("/v1/agent/service/register", """
					{"Name": "missed", "ID": "missed-1", "Address": "127.0.0.1", "Port": 11, "Checks": [
					  {"HTTP": "http://127.0.0.1:1/nobody-listens", "Interval": "60s", "Status": "critical"}]}""")
				.join();
			outage.end();
			outage.awaitLatest("missed-2:2");
			outage.registryAfter.registerCritical("missed", "missed-2");
			outage.awaitLatest("missed-1:11");
			assertThat(outage.heard).containsExactly("missed-1:1 missed-2:2", "missed-2:2", "missed-1:11");
		}
	}

	private static List<String> available(ConsulAgent agent, String service) {
		try (Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			return directory.instances(service).join().stream().map(ServiceEndpoint::instanceId).toList();
		}
	}

	/**
	 * An agent is away that has told a directory of instances with ids and ports from 1
	 * on. When the outage ends, another one answers that knows none of them.
	 */
	private static final class Outage implements AutoCloseable {

		private final ConsulAgent agentBefore = TestServers.newConsul();

		private final ConsulAgent agentAfter = TestServers.newConsul();

		private final TestRegistry registryAfter = new TestRegistry(agentAfter);

		private final List<String> heard = new CopyOnWriteArrayList<>();

		private final AgentProxy proxy = new AgentProxy(agentBefore.port());

		private final Consul consul = new Consul(URI.create("http://127.0.0.1:" + proxy.port()), null);

		private final ServiceDirectory directory;

		private Outage(String service, int instances, Duration grace, CapturedOutput output) {
			directory = new ServiceDirectory(consul, grace);
			TestRegistry registry = new TestRegistry(agentBefore);
			for (int i = 1; i <= instances; i++) {
				registry.register(service, service + "-" + i, i, Map.of());
			}
			await().until(() -> directory.instances(service).join().size() == instances);
			directory.subscribe(service,
					(endpoints) -> heard.add(endpoints.stream()
						.map((endpoint) -> endpoint.instanceId() + ":" + endpoint.port())
						.collect(Collectors.joining(" "))));
			proxy.forwardToNobody();
			await().until(() -> output.getAll().contains("Consul does not answer /v1/health/service/" + service + " "));
		}

		private void end() {
			proxy.forwardTo(agentAfter.port());
		}

		private void awaitLatest(String endpoints) {
			await().until(() -> heard.get(heard.size() - 1).equals(endpoints));
		}

		@Override
		public void close() {
			directory.close();
			consul.close();
			proxy.close();
			agentBefore.close();
			agentAfter.close();
		}

	}

}
