package com.example.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.Folders;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TopologyTests {

	private final FakeRepository repository;

	private final Topology topology;

	TopologyTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.in(folder);
		this.topology = topology(repository.root(), Map.of("beta-service", 3));
	}

	@Test
	void servicesAreFoundAndHaveTwoInstancesUnlessToldOtherwise() {
		assertThat(topology.scalable()).extracting(Component::instanceNames)
			.containsExactly(List.of("config-server"), List.of("alpha-service-1", "alpha-service-2"),
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
	void aServiceHasThePortsOfItsOwnConfigurationWhateverOtherServicesThereAre() throws IOException {
		Files.createDirectories(repository.root().resolve("services/aardvark-service"));
		Files.createFile(repository.root().resolve("services/aardvark-service/pom.xml"));
		repository.ports("services/aardvark-service", "server.port: 8083%n");
		Topology more = topology(repository.root(), Map.of());

		assertThat(ports(allFree(), component(more, "alpha-service"), 1)).containsExactly(8082, 9082, 0);
		assertThat(ports(allFree(), component(more, "beta-service"), 1)).containsExactly(8081, 9081, 0);
		assertThat(ports(allFree(), component(more, "beta-service"), 3)).containsExactly(8281, 9281, 0);
		assertThat(ports(allFree(), component(more, "gateway"), 1)).containsExactly(8080, 0, 8090);
		assertThat(ports(allFree(), component(more, "aardvark-service"), 1)).startsWith(8083)
			.doesNotContain(9082, 9081);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "server.port: ${PORT:8081}", "server: [", "server: 8081", "- 8081", "server.port: 99999" })
	void aConfigurationWithoutAPortGetsAnyFreeOne(String yaml) throws IOException {
		repository.ports("services/beta-service", yaml);
		Component component = component(topology(repository.root(), Map.of()), "beta-service");

		assertThat(ports(allFree(), component, 1)).startsWith(ports(new PortPlan(freePorts(), false), component, 1)[0]);
	}

	@Test
	void aPortThatIsTakenIsReplacedAndTold() {
		PortPlan plan = new PortPlan(new FreePorts(new Random(1), (port) -> port != 8081 && port != 8080), true);

		assertThat(ports(plan, component(topology, "beta-service"), 1)).doesNotContain(8081).contains(9081);
		assertThat(plan.instance(component(topology, "gateway"), null, "--port").port()).isNotEqualTo(8080);
		assertThat(plan.taken()).containsExactly(8080, 8081);
	}

	@Test
	void theFirstConfigServerHasNoNumber() {
		Component configServer = component(topology, "config-server");

		assertThat(configServer.instanceNames()).containsExactly("config-server");
		assertThat(configServer.replicas(2).instanceNames()).containsExactly("config-server", "config-server-2");
		assertThat(allFree().instance(configServer, 1).port()).isEqualTo(8888);
		assertThat(allFree().instance(configServer, 2).port()).isEqualTo(8988);
	}

	@Test
	void withoutTheConfigurationCentreThereIsNoConfigServer(@TempDir Path folder) throws IOException {
		Path root = FakeRepository.in(folder).root();
		Folders.delete(root.resolve("config-centre"));

		assertThat(topology(root, Map.of()).components()).extracting(Component::name)
			.containsExactly("consul", "postgres", "alpha-service", "beta-service", "gateway");
	}

	@Test
	void whatHasOneInstanceOnlyIsToldWithWhatCanHaveSeveral(@TempDir Path folder) throws IOException {
		Path root = FakeRepository.in(folder).root();

		assertThat(component(topology(root, Map.of("config-server", 2)), "config-server").replicas()).isEqualTo(2);
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> topology(root, Map.of("gateway", 2)))
			.withMessageContaining("gateway")
			.withMessageContaining("config-server, alpha-service, beta-service");
	}

	@Test
	void aTakenPortThatWasAskedForIsRefused() throws IOException {
		PortPlan plan = new PortPlan(new FreePorts(new Random()), true);

		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(LocalSystemException.class)
				.isThrownBy(() -> plan.instance(component(topology, "gateway"), taken.getLocalPort(), "--port"))
				.withMessageContaining("is taken")
				.withMessageContaining("--port");
		}
	}

	@Test
	void aSmallSystemHasOneInstanceOfEachServiceUnlessMoreAreAskedFor() throws IOException {
		LocalSystemOptions options = repository.options().withLittleMemory();

		assertThat(Topology.of(new Workspace(repository.root()), options).components())
			.allMatch((component) -> component.replicas() == 1);
		assertThat(component(Topology.of(new Workspace(repository.root()), options.replicas(Map.of("beta-service", 2))),
				"beta-service")
			.replicas()).isEqualTo(2);
	}

	@Test
	void theServersOfAClusterStartBeforeTheAgentThatAsksThem() {
		Topology cluster = Topology.of(new Workspace(repository.root()), repository.options().consulServers(3));
		Component servers = cluster.components().get(0);

		assertThat(servers.instanceNames()).containsExactly("consul-server-1", "consul-server-2", "consul-server-3");
		assertThat(component(cluster, "consul").waitsFor()).containsExactly(servers);
		PortPlan plan = allFree();
		assertThat(cluster.components()
			.stream()
			.flatMap((component) -> IntStream.rangeClosed(1, component.replicas())
				.mapToObj((number) -> plan.instance(component, number)))
			.flatMapToInt((instance) -> IntStream.of(instance.port(), instance.grpcPort(), instance.managementPort()))
			.filter((port) -> port != 0)).doesNotHaveDuplicates();
	}

	private static Topology topology(Path root, Map<String, Integer> replicas) {
		return Topology.of(new Workspace(root),
				LocalSystemOptions.isolated(root, root.resolve("state"), root.resolve("config-repo"))
					.replicas(replicas));
	}

	private static Component component(Topology topology, String name) {
		return topology.components()
			.stream()
			.filter((component) -> component.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static PortPlan allFree() {
		return new PortPlan(freePorts(), true);
	}

	private static FreePorts freePorts() {
		return new FreePorts(new Random(1), (port) -> true);
	}

	private static int[] ports(PortPlan plan, Component component, int number) {
		Instance instance = plan.instance(component, number);
		return new int[] { instance.port(), instance.grpcPort(), instance.managementPort() };
	}

}
