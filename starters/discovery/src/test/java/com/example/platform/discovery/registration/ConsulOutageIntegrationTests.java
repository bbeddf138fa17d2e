package com.example.platform.discovery.registration;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
	void whenAnotherAgentAnswersTheInstanceRegistersThere() throws IOException {
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
	void anInstanceThatConsulHearsNothingOfIsOutUntilItIsHeardAgain() throws IOException {
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

	private static List<String> available(ConsulAgent agent, String service) {
		try (Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			return directory.instances(service).join().stream().map(ServiceEndpoint::instanceId).toList();
		}
	}

}
