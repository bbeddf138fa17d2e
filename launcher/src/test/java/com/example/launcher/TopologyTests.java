package com.example.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TopologyTests {

	private final Topology topology;

	TopologyTests(@TempDir Path folder) throws IOException {
		this.topology = Topology.of(new Workspace(FakeRepository.in(folder).root()), Map.of("beta-service", 3));
	}

	@Test
	void servicesAreFoundAndHaveTwoInstancesUnlessToldOtherwise() {
		assertThat(topology.services()).extracting(Component::instanceNames)
			.containsExactly(List.of("alpha-service-1", "alpha-service-2"),
					List.of("beta-service-1", "beta-service-2", "beta-service-3"));
	}

	@Test
	void everyComponentComesAfterThoseItWaitsFor() {
		List<Component> components = topology.components();

		assertThat(components)
			.allSatisfy((component) -> assertThat(components.subList(0, components.indexOf(component)))
				.containsAll(component.waitsFor()));
	}

	@Test
	void portsOfServicesFollowTheirOrderAndNumber() {
		PortPlan plan = new PortPlan(topology, new FreePorts(new Random(), (port) -> true), true);

		Instance instance = plan.replica(topology.component("beta-service"), 2);

		assertThat(instance.port()).isEqualTo(8202);
		assertThat(instance.grpcPort()).isEqualTo(9202);
	}

	@Test
	void theFirstConfigServerHasNoNumber() {
		Component configServer = topology.component("config-server");
		PortPlan plan = new PortPlan(topology, new FreePorts(new Random(), (port) -> true), true);

		assertThat(configServer.instanceNames()).containsExactly("config-server");
		assertThat(configServer.replicas(2).instanceNames()).containsExactly("config-server", "config-server-2");
		assertThat(plan.replica(configServer, 1).port()).isEqualTo(8888);
		assertThat(plan.replica(configServer, 2).port()).isEqualTo(8889);
	}

	@Test
	void whatHasOneInstanceOnlyIsToldWithWhatCanHaveSeveral(@TempDir Path folder) throws IOException {
		Workspace workspace = new Workspace(FakeRepository.in(folder).root());

		assertThat(Topology.of(workspace, Map.of("config-server", 2)).component("config-server").replicas())
			.isEqualTo(2);
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> Topology.of(workspace, Map.of("gateway", 2)))
			.withMessageContaining("gateway")
			.withMessageContaining("config-server, alpha-service, beta-service");
	}

	@Test
	void aTakenPortThatWasAskedForIsRefused() throws IOException {
		PortPlan plan = new PortPlan(topology, new FreePorts(new Random()), true);

		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> plan.gateway(taken.getLocalPort()))
				.withMessageContaining("is taken")
				.withMessageContaining("--port");
		}
	}

}
