package com.example.platform.loadbalancing.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.loadbalancing.actuate.LoadBalancingEndpoint.BalancingView;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LoadBalancingEndpointIntegrationTests {

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final Consul consul = new Consul(TestServers.consul().address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final LoadBalancingEndpoint endpoint = new LoadBalancingEndpoint(services, directory);

	@AfterEach
	void close() {
		services.close();
		directory.close();
		consul.close();
	}

	@Test
	void aTargetIsShownWithItsPolicyAndWhyAnInstanceIsOut() {
		registry.register("shown", "shown-1", 8101, Map.of("weight", "3"));
		registry.register("shown", "shown-2", 8102, Map.of());
		var service = services.service("shown");
		await().until(() -> service.view().size() == 2);
		var node = service.node(directory.instances("shown").join().get(0));
		for (int i = 0; i < 3; i++) {
			node.started();
			service.failed(node);
		}
		await().until(() -> service.view().get(0).out() != null);
		BalancingView view = endpoint.services().get(0);
		assertThat(view.service()).isEqualTo("shown");
		assertThat(view.settings().policy()).isEqualTo(PolicyName.ROUND_ROBIN);
		assertThat(view.instances()).extracting(InstanceView::id).containsExactly("shown-1", "shown-2");
		assertThat(view.instances().get(0).weight()).isEqualTo(3);
		assertThat(view.instances().get(0).out()).isEqualTo("3 failures in a row");
		assertThat(view.unavailable()).isEmpty();
		assertThat(endpoint.service("shown")).usingRecursiveComparison().ignoringFields("age").isEqualTo(view);
		assertThat(endpoint.service("never-called")).isNull();
	}

	@Test
	void whoIsOutByConsulIsShownWithTheReason() {
		registry.register("paused", "paused-1", 8101, Map.of());
		registry.register("paused", "paused-2", 8102, Map.of());
		var service = services.service("paused");
		await().until(() -> service.view().size() == 2);
		consul.put("/v1/agent/service/maintenance/paused-2?enable=true&reason=disk+full", "").join();
		await().until(() -> service.view().size() == 1);
		BalancingView view = Objects.requireNonNull(endpoint.service("paused"));
		assertThat(view.instances()).extracting(InstanceView::id).containsExactly("paused-1");
		assertThat(view.unavailable()).containsEntry("paused-2", "maintenance: disk full");
		assertThat(view.index()).isPositive();
	}

	@Test
	void metricsOfAnInstanceComeAndGoWithIt() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		new LoadBalancingMetrics(services).bindTo(meters);
		registry.register("measured", "measured-1", 8101, Map.of());
		var service = services.service("measured");
		await().until(() -> service.view().size() == 1);
		service.node(directory.instances("measured").join().get(0)).started();
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(meters.get("platform.load.balancing.picks")
				.tags("target", "measured", "target.instance", "measured-1")
				.gauge()
				.value()).isEqualTo(1));
		registry.deregister("measured-1");
		await().until(() -> meters.find("platform.load.balancing.picks").gauges().isEmpty());
	}

}
