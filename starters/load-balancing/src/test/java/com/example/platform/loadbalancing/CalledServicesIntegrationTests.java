package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CalledServicesIntegrationTests {

	// As a gRPC channel does when it hears of the first list, while an HTTP call asks for
	// the same service.
	@Test
	void aListenerOfTheDirectoryDelaysNobodyAndMayAskForAService() throws Exception {
		new TestRegistry(TestServers.consul()).register("wanted", "wanted-1", 8101, Map.of());
		try (Consul consul = new Consul(TestServers.consul().address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));
				CalledServices services = TestServices.of(directory)) {
			CountDownLatch calling = new CountDownLatch(1);
			CountDownLatch otherCalls = new CountDownLatch(1);
			CompletableFuture<CalledService> byListener = new CompletableFuture<>();
			directory.subscribe("wanted", (endpoints) -> {
				calling.countDown();
				try {
					otherCalls.await();
					byListener.complete(services.service("wanted"));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			calling.await();
			CalledService byOther = CompletableFuture.supplyAsync(() -> services.service("wanted"))
				.get(10, TimeUnit.SECONDS);
			otherCalls.countDown();
			assertThat(byListener.get(10, TimeUnit.SECONDS)).isSameAs(byOther);
		}
	}

	@Test
	void aListenerThatFailsNeitherSilencesTheOthersNorEndsTheTicks() {
		try (Consul consul = new Consul(TestServers.consul().address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));
				CalledServices services = TestServices.of(directory)) {
			AtomicInteger ticks = new AtomicInteger();
			services.onTick(() -> {
				throw new LinkageError("expected by a test");
			});
			services.onTick(ticks::incrementAndGet);
			await().until(() -> ticks.get() >= 2);
		}
	}

}
