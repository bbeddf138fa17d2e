package com.example.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class LocalSystemIntegrationTests {

	private final FakeRepository repository;

	private final List<String> progress = new CopyOnWriteArrayList<>();

	LocalSystemIntegrationTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.in(folder);
	}

	@Test
	void everythingStartsInOrderAndLeavesNothingBehind() throws Exception {
		List<ProcessIdentity> processes;
		try (LocalSystem system = start()) {
			assertThat(system.report()).allMatch((report) -> report.condition() == Condition.HEALTHY)
				.extracting((report) -> report.instance().name())
				.containsExactly("consul", "postgres", "config-server", "alpha-service-1", "alpha-service-2",
						"beta-service-1", "beta-service-2", "gateway");
			assertThat(healthyInOrder())
				.containsExactlyInAnyOrder("consul", "postgres", "config-server", "alpha-service", "beta-service",
						"gateway")
				.containsSubsequence("consul", "config-server", "alpha-service")
				.containsSubsequence("postgres", "beta-service")
				.containsSubsequence("config-server", "gateway");
			processes = processes(system);
		}
		assertThat(processes).hasSize(8).noneMatch(ProcessIdentity::isAlive);
		assertThat(repository.state().resolve("state.json")).doesNotExist();
	}

	@Test
	void anInstanceIsToldItsAddressesItsDatabaseAndItsServers() throws Exception {
		try (LocalSystem system = start()) {
			Instance alpha = instance(system, "alpha-service-2");

			assertThat(environment(system, "alpha-service-2")).contains("SERVER_ADDRESS=127.0.0.1",
					"SERVER_PORT=" + alpha.port(), "SPRING_GRPC_SERVER_PORT=" + alpha.grpcPort(),
					"SPRING_CLOUD_CONSUL_PORT=" + system.consul().getPort(),
					"SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID=alpha-service-2",
					"SPRING_CLOUD_CONFIG_URI=" + system.address("config-server"),
					"PLATFORM_CONFIG_REFRESH_SNAPSHOTS=" + repository.state().resolve("config-snapshots"),
					"SPRING_DATASOURCE_URL=jdbc:postgresql://127.0.0.1:" + system.address("postgres").getPort()
							+ "/alpha_service",
					"SPRING_DATASOURCE_USERNAME=alpha_service");
			assertThat(environment(system, "config-server")).contains(
					"PLATFORM_CONFIG_SERVER_DIRECTORY=" + repository.configRepo(),
					"PLATFORM_CONFIG_SERVER_HISTORY=" + repository.state().resolve("config-history.git"));
			assertThat(environment(system, "gateway"))
				.contains("MANAGEMENT_SERVER_PORT=" + instance(system, "gateway").managementPort());
		}
	}

	@Test
	void anInstanceIsKilledAndStartedAgainOnItsPort() throws Exception {
		try (LocalSystem system = start()) {
			Instance before = instance(system, "alpha-service-1");
			system.kill("alpha-service-1");
			assertThat(condition(system, "alpha-service-1")).isEqualTo(Condition.STOPPED);

			LocalSystem elsewhere = LocalSystem.attach(repository.root(), repository.state(), progress::add);
			elsewhere.start("alpha-service-1");

			assertThat(condition(system, "alpha-service-1")).isEqualTo(Condition.HEALTHY);
			assertThat(instance(system, "alpha-service-1").port()).isEqualTo(before.port());
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.start("alpha-service-1"))
				.withMessageContaining("runs already");
		}
	}

	@Test
	void aPausedInstanceDoesNotAnswerUntilItIsResumed() throws Exception {
		try (LocalSystem system = start()) {
			Instance before = instance(system, "alpha-service-1");

			system.pause("alpha-service-1");
			await().until(() -> condition(system, "alpha-service-1") == Condition.NOT_READY);
			system.resume("alpha-service-1");

			await().until(() -> condition(system, "alpha-service-1") == Condition.HEALTHY);
			assertThat(instance(system, "alpha-service-1")).isEqualTo(before);
			system.stop("alpha-service-1");
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.pause("alpha-service-1"))
				.withMessageContaining("does not run");
		}
	}

	@Test
	void aServiceIsScaledUpAndDown() throws Exception {
		try (LocalSystem system = start()) {
			system.scale("alpha-service", 3);
			assertThat(condition(system, "alpha-service-3")).isEqualTo(Condition.HEALTHY);

			system.scale("alpha-service", 1);
			assertThat(system.instances()).extracting(Instance::name)
				.contains("alpha-service-1", "beta-service-2")
				.doesNotContain("alpha-service-2", "alpha-service-3");
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.scale("gateway", 2))
				.withMessageContaining("Only services");
		}
	}

	@Test
	void aSecondConfigServerSharesFolderAndHistory() throws Exception {
		try (LocalSystem system = start()) {
			system.scale("config-server", 2);
			assertThat(condition(system, "config-server-2")).isEqualTo(Condition.HEALTHY);
			assertThat(environment(system, "config-server-2")).contains(
					"SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID=config-server-2",
					"PLATFORM_CONFIG_SERVER_DIRECTORY=" + repository.configRepo(),
					"PLATFORM_CONFIG_SERVER_HISTORY=" + repository.state().resolve("config-history.git"));
			system.scale("alpha-service", 3);
			assertThat(environment(system, "alpha-service-3")).contains("SPRING_CLOUD_CONFIG_URI="
					+ system.address("config-server") + "," + system.address("config-server-2"));

			system.scale("config-server", 1);
			assertThat(system.instances()).extracting(Instance::name)
				.contains("config-server")
				.doesNotContain("config-server-2");
		}
	}

	@Test
	void anInstanceThatEndsByItselfIsToldOnce() throws Exception {
		try (LocalSystem system = start()) {
			ProcessIdentity process = Objects.requireNonNull(instance(system, "beta-service-1").process());
			process.send(ProcessIdentity.Signal.KILL);

			List<String> died = new CopyOnWriteArrayList<>();
			system.awaitEnd((name) -> {
				died.add(name);
				system.close();
			});
			assertThat(died).containsExactly("beta-service-1");
		}
	}

	@Test
	void classesComeFromTheArchiveThatWasRecorded() throws Exception {
		try (LocalSystem system = start()) {
			Path images = repository.root().resolve(".dev/images");
			try (Stream<Path> files = Files.walk(images)) {
				assertThat(files.filter((file) -> file.toString().matches(".*\\.(jsa|aot)"))).hasSize(4);
			}
			ProcessIdentity process = Objects.requireNonNull(instance(system, "alpha-service-1").process());
			assertThat(Files.readString(Path.of("/proc", Long.toString(process.pid()), "maps")))
				.containsPattern("\\.(jsa|aot)\n");
		}
	}

	@Test
	void aSecondSystemWithTheSameStateIsRefused() throws Exception {
		try (LocalSystem system = start()) {
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(this::start)
				.withMessageContaining("already runs");
			assertThat(condition(system, "gateway")).isEqualTo(Condition.HEALTHY);
		}
	}

	@Test
	void anUnknownServiceIsRefusedBeforeAnythingStarts() {
		LocalSystemOptions options = repository.options().replicas(Map.of("gamma-service", 1));

		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> LocalSystem.start(options, progress::add).close())
			.withMessageContaining("gamma-service")
			.withMessageContaining("alpha-service, beta-service");
		assertThat(repository.state()).doesNotExist();
	}

	private LocalSystem start() {
		return LocalSystem.start(repository.options(), progress::add);
	}

	private List<String> healthyInOrder() {
		return progress.stream()
			.filter((line) -> line.endsWith("healthy"))
			.map((line) -> line.split(" ", -1)[0])
			.toList();
	}

	private static List<ProcessIdentity> processes(LocalSystem system) {
		return system.instances().stream().map(Instance::process).filter(Objects::nonNull).toList();
	}

	private static Instance instance(LocalSystem system, String name) {
		return system.instances().stream().filter((instance) -> instance.name().equals(name)).findFirst().orElseThrow();
	}

	private static Condition condition(LocalSystem system, String name) {
		return system.report()
			.stream()
			.filter((report) -> report.instance().name().equals(name))
			.findFirst()
			.orElseThrow()
			.condition();
	}

	private static List<String> environment(LocalSystem system, String instance) throws Exception {
		URI address = system.address(instance).resolve("/environment");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofLines())
			.body()
			.toList();
	}

}
