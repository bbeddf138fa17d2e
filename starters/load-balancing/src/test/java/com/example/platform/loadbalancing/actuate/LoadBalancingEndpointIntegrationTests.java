package com.example.platform.loadbalancing.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.Targets;
import com.example.platform.loadbalancing.TestTargets;
import com.example.platform.loadbalancing.actuate.LoadBalancingEndpoint.TargetView;
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

	private final Targets targets = TestTargets.of(directory);

	private final LoadBalancingEndpoint endpoint = new LoadBalancingEndpoint(targets, directory);

	@AfterEach
	void close() {
		targets.close();
		directory.close();
		consul.close();
	}

	@Test
	void aTargetIsShownWithItsPolicyAndWhyAnInstanceIsOut() {
		registry.register("shown", "shown-1", 8101, Map.of("weight", "3"));
		registry.register("shown", "shown-2", 8102, Map.of());
		var target = targets.target("shown");
		await().until(() -> target.view().size() == 2);
		var node = target.node(directory.instances("shown").join().get(0));
		for (int i = 0; i < 3; i++) {
			node.started();
			target.failed(node);
		}
		await().until(() -> target.view().get(0).out() != null);
		TargetView view = endpoint.targets().get(0);
		assertThat(view.service()).isEqualTo("shown");
		assertThat(view.settings().policy()).isEqualTo(PolicyName.ROUND_ROBIN);
		assertThat(view.instances()).extracting(InstanceView::id).containsExactly("shown-1", "shown-2");
		assertThat(view.instances().get(0).weight()).isEqualTo(3);
		assertThat(view.instances().get(0).out()).isEqualTo("3 failures in a row");
		assertThat(view.unavailable()).isEmpty();
		assertThat(endpoint.target("shown")).usingRecursiveComparison().ignoringFields("age").isEqualTo(view);
		assertThat(endpoint.target("never-called")).isNull();
	}

	@Test
	void whoIsOutByConsulIsShownWithTheReason() {
		registry.register("paused", "paused-1", 8101, Map.of());
		registry.register("paused", "paused-2", 8102, Map.of());
		var target = targets.target("paused");
		await().until(() -> target.view().size() == 2);
		consul.put("/v1/agent/service/maintenance/paused-2?enable=true&reason=disk+full", "").join();
		await().until(() -> target.view().size() == 1);
		TargetView view = Objects.requireNonNull(endpoint.target("paused"));
		assertThat(view.instances()).extracting(InstanceView::id).containsExactly("paused-1");
		assertThat(view.unavailable()).containsEntry("paused-2", "maintenance: disk full");
		assertThat(view.index()).isPositive();
	}

	@Test
	void metricsOfAnInstanceComeAndGoWithIt() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		new LoadBalancingMetrics(targets).bindTo(meters);
		registry.register("measured", "measured-1", 8101, Map.of());
		var target = targets.target("measured");
		await().until(() -> target.view().size() == 1);
		target.node(directory.instances("measured").join().get(0)).started();
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(meters.get("platform.load.balancing.picks")
				.tags("target", "measured", "target.instance", "measured-1")
				.gauge()
				.value()).isEqualTo(1));
		registry.deregister("measured-1");
		await().until(() -> meters.find("platform.load.balancing.picks").gauges().isEmpty());
	}

}
