package com.example.platform.discovery.micrometer;

import java.time.Duration;
import java.util.Map;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DiscoveryMetricsIntegrationTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	@Test
	void eachWatchedServiceHasMetersWhetherItWasWatchedBeforeOrAfterTheyWereBound() {
		TestRegistry registry = new TestRegistry(TestServers.consul());
		registry.register("metered-before", "metered-before-1", 1, Map.of());
		registry.register("metered-after", "metered-after-1", 1, Map.of());
		try (Consul consul = new Consul(TestServers.consul().address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			directory.view("metered-before");
			new DirectoryMetrics(directory).bindTo(meters);
			directory.view("metered-after");
			await().until(() -> value("metered-before", "available") == 1 && value("metered-after", "available") == 1);
			assertThat(value("metered-after", "revision")).isPositive();
			assertThat(value("metered-after", "age")).isBetween(0.0, 60.0);
		}
	}

	private double value(String service, String meter) {
		return meters.get("platform.discovery.list." + meter).tag("target", service).gauge().value();
	}

}
