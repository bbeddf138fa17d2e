package com.example.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.process.Folders;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class LocalSystemIntegrationTests {

	private final FakeRepository repository;

	private final List<String> progress = new CopyOnWriteArrayList<>();

	LocalSystemIntegrationTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.startedBefore(folder);
	}

	@Test
	void everythingStartsInOrderAndLeavesNothingBehind() throws Exception {
		Path temporary = repository.state().resolve("tmp");
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
			system.kill("alpha-service-1");
			assertThat(temporary.resolve("alpha-service-1")).isNotEmptyDirectory();
		}
		assertThat(processes).hasSize(8).noneMatch(ProcessIdentity::isAlive);
		assertThat(repository.state().resolve("state.json")).doesNotExist();
		assertThat(temporary).doesNotExist();
	}

	@Test
	void whatRunsDoesNotDependOnTheSources() throws Exception {
		List<ProcessIdentity> processes;
		try (LocalSystem system = start()) {
			system.kill("alpha-service-1");
			Folders.delete(repository.root().resolve("services"));
			Folders.delete(repository.root().resolve("gateway"));
			Folders.delete(repository.root().resolve("config-centre"));
			LocalSystem elsewhere = LocalSystem.attach(repository.root(), repository.state(), progress::add);

			elsewhere.start("alpha-service-1");
			elsewhere.scale("beta-service", 3);
			elsewhere.stop("gateway");
			elsewhere.start("gateway");

			assertThat(elsewhere.report()).hasSize(9).allMatch((report) -> report.condition() == Condition.HEALTHY);
			assertThat(elsewhere.database("alpha-service").url()).endsWith("/alpha_service");
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> elsewhere.scale("gamma-service", 2))
				.withMessageContaining("alpha-service, beta-service");
			processes = processes(elsewhere);
		}
		assertThat(processes).hasSize(9).noneMatch(ProcessIdentity::isAlive);
	}

	@Test
	void whatCannotBeStartedAgainIsToldAndNothingChanges() throws Exception {
		try (LocalSystem system = start()) {
			List<Instance> before = system.instances();
			Folders.delete(repository.root().resolve("services"));
			Folders.delete(repository.root().resolve(".dev/images"));

			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.scale("alpha-service", 3))
				.withMessageContaining("alpha-service.jar")
				.withMessageContaining("mvn package");
			assertThat(system.instances()).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"launcher\": {\"pid\"", "deleted" })
	void aSystemWhoseStateIsLostIsStopped(String content) throws Exception {
		LocalSystem system = start();
		List<ProcessIdentity> processes = processes(system);
		Path stateFile = repository.state().resolve("state.json");
		Files.delete(stateFile);
		if (!content.equals("deleted")) {
			Files.writeString(stateFile, content);
		}

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(this::start)
			.withMessageContaining("./dev down");
		LocalSystem.stop(repository.root(), repository.state(), progress::add);

		assertThat(processes).hasSize(8).noneMatch(ProcessIdentity::isAlive);
		assertThat(stateFile).doesNotExist();
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> LocalSystem.stop(repository.root(), repository.state(), progress::add))
			.withMessageContaining("not running");
	}

	@Test
	void anAgentThatIsAskedForIsUsedUnlessItHasInstancesOfTheSameNames(@TempDir Path other) throws Exception {
		LocalSystemOptions options = repository.options();
		try (ConsulAgent agent = ConsulAgent
			.start(new ConsulBinary().locate(progress::add), new FreePorts(new Random()).next(),
					new FreePorts(new Random()), other.resolve("consul.log"))
			.awaitReady(); LocalSystem system = LocalSystem.start(using(options, agent.port()), progress::add)) {
			assertThat(system.instances()).extracting(Instance::name).doesNotContain("consul").contains("gateway");
			assertThat(Health.passing("alpha-service", agent.port())).containsExactlyInAnyOrder("alpha-service-1",
					"alpha-service-2");

			LocalSystemOptions second = FakeRepository.startedBefore(other).options();
			assertThatExceptionOfType(LocalSystemException.class)
				.isThrownBy(() -> LocalSystem.start(using(second, agent.port()), progress::add).close())
				.withMessageContaining("of another system already");
		}
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> LocalSystem.start(using(options, 1), progress::add).close())
			.withMessageContaining("No Consul agent answers on port 1");
	}

	@Test
	void whatDiesIsStartedAgainAlsoConsulAndPostgres() throws Exception {
		List<String> victims = List.of("consul", "postgres", "beta-service-1");
		try (LocalSystem system = start()) {
			victims.forEach((victim) -> crash(system, victim));

			await().atMost(Duration.ofMinutes(2))
				.untilAsserted(() -> assertThat(progress).filteredOn((line) -> line.contains("is healthy again"))
					.extracting((line) -> line.split(" ", -1)[0])
					.containsExactlyInAnyOrderElementsOf(victims));
			assertThat(system.report()).allMatch((report) -> report.condition() == Condition.HEALTHY);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatIsBeingStartedAgainEndsWithTheSystem(boolean early) throws Exception {
		LocalSystem system = start();
		ProcessIdentity crashed = crash(system, "beta-service-1");
		await().atMost(Duration.ofMinutes(1))
			.until(() -> early ? progress.stream().anyMatch((line) -> line.contains("It is started again in 1 s"))
					: !crashed.equals(instance(system, "beta-service-1").process()));

		system.close();

		assertThat(Leftover.of(repository.state())).isEmpty();
		assertThat(repository.state().resolve("state.json")).doesNotExist();
		assertThat(progress).noneMatch((line) -> line.contains("ended at start"));
	}

	@Test
	void whatIsLeftToSomebodyElseIsNotStartedButPreparedFor() throws Exception {
		Path written = repository.state().resolve("env/alpha-service.properties");
		try (LocalSystem system = LocalSystem.start(repository.options().leaving(Set.of("alpha-service")),
				progress::add)) {
			Instance left = instance(system, "alpha-service-1");
			assertThat(system.instances()).extracting(Instance::name).doesNotContain("alpha-service-2");
			assertThat(InstanceReport.of(left).condition()).isEqualTo(Condition.STOPPED);
			assertThat(Files.readAllLines(written)).contains("SERVER_PORT=" + left.port(),
					"SPRING_DATASOURCE_PASSWORD=" + system.database("alpha-service").password());
			assertThat(Files.getPosixFilePermissions(written)).containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ,
					PosixFilePermission.OWNER_WRITE);
			assertThat(progress).anyMatch((line) -> line.contains("./dev env alpha-service"));

			try (ServerSocket own = new ServerSocket(left.port(), 1, InetAddress.getLoopbackAddress())) {
				assertThat(system.ownProcess("alpha-service").lines(OwnProcess.Format.PROPERTIES))
					.doesNotContain("SERVER_PORT=" + own.getLocalPort());
			}
		}
		assertThat(written).doesNotExist();
	}

	static Stream<LocalSystemOptions> unknownServices() {
		LocalSystemOptions options = LocalSystemOptions.isolated(Path.of(""), Path.of(""), Path.of(""));
		return Stream.of(options.replicas(Map.of("gamma-service", 1)), options.leaving(Set.of("gamma-service")));
	}

	@ParameterizedTest
	@MethodSource("unknownServices")
	void anUnknownServiceIsRefusedBeforeAnythingStarts(LocalSystemOptions unknown) {
		LocalSystemOptions options = repository.options().replicas(unknown.replicas()).leaving(unknown.without());

		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> LocalSystem.start(options, progress::add).close())
			.withMessageContaining("gamma-service")
			.withMessageContaining("alpha-service, beta-service");
		assertThat(repository.state()).doesNotExist();
	}

	private static LocalSystemOptions using(LocalSystemOptions options, int agent) {
		return new LocalSystemOptions(options.root(), options.state(), options.configRepo(), null, null, agent, false,
				1, Map.of(), false, true, true, Set.of(), Set.of(), false);
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

	private static ProcessIdentity crash(LocalSystem system, String name) {
		ProcessIdentity process = Objects.requireNonNull(instance(system, name).process());
		process.send(ProcessIdentity.Signal.KILL);
		return process;
	}

	private static Instance instance(LocalSystem system, String name) {
		return system.instances().stream().filter((instance) -> instance.name().equals(name)).findFirst().orElseThrow();
	}

}
