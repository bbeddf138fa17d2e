package com.example.platform.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ServiceDirectoryScaleIntegrationTests {

	private static final int SERVICES = 100;

	private static final int INSTANCES = 1_000;

	// What Consul accepts in one transaction.
	private static final int BATCH = 64;

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
	void aThousandInstancesOfOneServiceAreFollowed() {
		AtomicInteger heard = new AtomicInteger();
		directory.subscribe("large", (endpoints) -> heard.set(endpoints.size()));
		consul.put("/v1/catalog/register", "{\"Node\": \"fleet\", \"Address\": \"127.0.0.1\"}").join();
		for (int from = 0; from < INSTANCES; from += BATCH) {
			consul
				.put("/v1/txn",
						IntStream.range(from, Math.min(from + BATCH, INSTANCES))
							.mapToObj(ServiceDirectoryScaleIntegrationTests::instance)
							.collect(Collectors.joining(",", "[", "]")))
				.join();
		}
		await().until(() -> heard.get() == INSTANCES);
		registry.register("large", "one-more", 1, Map.of());
		await().until(() -> heard.get() == INSTANCES + 1);
		registry.deregister("one-more");
		await().until(() -> heard.get() == INSTANCES);
		assertThat(directory.view("large").available()).hasSize(INSTANCES);
	}

	@Test
	void aHundredServicesAreFollowedByOneWatchEachHoweverManySubscribe() {
		List<AtomicInteger> heard = new ArrayList<>();
		for (int subscriber = 0; subscriber < 10; subscriber++) {
			for (int service = 0; service < SERVICES; service++) {
				AtomicInteger size = new AtomicInteger();
				heard.add(size);
				directory.subscribe("service-" + service, (endpoints) -> size.set(endpoints.size()));
			}
		}
		for (int service = 0; service < SERVICES; service++) {
			registry.register("service-" + service, "service-" + service + "-1", 1, Map.of());
		}
		await().until(() -> heard.stream().allMatch((size) -> size.get() == 1));
		assertThat(directory.views()).hasSize(SERVICES);
	}

	private static String instance(int number) {
		return """
				{"Service": {"Verb": "set", "Node": "%s", "Service":
				 {"ID": "large-%d", "Service": "large", "Address": "127.0.0.1", "Port": %d}}}""".formatted("fleet",
				number, 1 + number);
	}

}
