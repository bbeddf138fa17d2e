package com.example.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.OwnProcess.Format;
import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What can be done to a system that runs. All tests share one, which each finds as it was
 * started.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningSystemIntegrationTests {

	private final FakeRepository repository;

	private final LocalSystem system;

	RunningSystemIntegrationTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.in(folder);
		this.system = start();
	}

	@AfterEach
	void setRight() {
		system.scale("alpha-service", 2);
		system.scale("config-server", 1);
	}

	@AfterAll
	void stop() {
		system.close();
	}

	@Test
	void anInstanceIsToldItsAddressesItsDatabaseAndItsServers() throws Exception {
		Instance alpha = instance("alpha-service-2");

		assertThat(environment("alpha-service-2")).contains("SERVER_ADDRESS=127.0.0.1", "SERVER_PORT=" + alpha.port(),
				"SPRING_GRPC_SERVER_PORT=" + alpha.grpcPort(), "SPRING_CLOUD_CONSUL_PORT=" + system.consul().getPort(),
				"SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID=alpha-service-2",
				"SPRING_CLOUD_CONFIG_URI=" + system.address("config-server"),
				"PLATFORM_CONFIG_CLIENT_SNAPSHOTS=" + repository.state().resolve("config-snapshots"),
				"SPRING_DATASOURCE_URL=jdbc:postgresql://127.0.0.1:" + system.address("postgres").getPort()
						+ "/alpha_service",
				"SPRING_DATASOURCE_USERNAME=alpha_service");
		assertThat(environment("config-server")).contains("PLATFORM_CONFIG_SERVER_DIRECTORY=" + repository.configRepo(),
				"PLATFORM_CONFIG_SERVER_HISTORY=" + repository.state().resolve("config-history.git"));
		assertThat(environment("gateway")).contains("MANAGEMENT_SERVER_PORT=" + instance("gateway").managementPort());
	}

	@Test
	void anInstanceIsKilledAndStartedAgainOnItsPort() throws Exception {
		Instance before = instance("alpha-service-1");
		system.kill("alpha-service-1");
		assertThat(condition("alpha-service-1")).isEqualTo(Condition.STOPPED);

		LocalSystem elsewhere = LocalSystem.attach(repository.root(), repository.state(), (step) -> {
		});
		elsewhere.start("alpha-service-1");

		assertThat(condition("alpha-service-1")).isEqualTo(Condition.HEALTHY);
		assertThat(instance("alpha-service-1").port()).isEqualTo(before.port());
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.start("alpha-service-1"))
			.withMessageContaining("runs already");
	}

	@Test
	void whatAKilledInstanceLeavesIsDeletedAtItsNextStart() {
		Path temporary = repository.state().resolve("tmp/alpha-service-1");
		system.kill("alpha-service-1");
		assertThat(temporary).isNotEmptyDirectory();
		system.start("alpha-service-1");
		assertThat(temporary.toFile().list()).hasSize(1);
	}

	@Test
	void aPausedInstanceDoesNotAnswerUntilItIsResumed() throws Exception {
		Instance before = instance("alpha-service-1");

		system.pause("alpha-service-1");
		await().until(() -> condition("alpha-service-1") == Condition.PAUSED);
		system.resume("alpha-service-1");

		await().until(() -> condition("alpha-service-1") == Condition.HEALTHY);
		assertThat(instance("alpha-service-1")).isEqualTo(before);
		system.pause("alpha-service-1");
		await().until(() -> condition("alpha-service-1") == Condition.PAUSED);
		system.stop("alpha-service-1");
		assertThat(Health.passing("alpha-service", system.consul().getPort())).as("it has left in order")
			.containsExactly("alpha-service-2");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.pause("alpha-service-1"))
			.withMessageContaining("does not run");
	}

	@Test
	void aServiceIsScaledUpAndDown() throws Exception {
		system.scale("alpha-service", 3);
		assertThat(condition("alpha-service-3")).isEqualTo(Condition.HEALTHY);

		system.scale("alpha-service", 1);
		assertThat(system.instances()).extracting(Instance::name)
			.contains("alpha-service-1", "beta-service-2")
			.doesNotContain("alpha-service-2", "alpha-service-3");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.scale("gateway", 2))
			.withMessageContaining("Only services");
	}

	@Test
	void aRestartReplacesOneInstanceAfterTheOtherUnlessTheFirstDoesNotStart() throws Exception {
		Instance before = instance("alpha-service-1");
		repository.build("alpha-service", "changed");
		system.restart("alpha-service", false);

		Instance first = instance("alpha-service-1");
		Instance second = instance("alpha-service-2");
		assertThat(first.port()).isEqualTo(before.port());
		assertThat(first.process()).isNotEqualTo(before.process());
		assertThat(folder(first)).isEqualTo(folder(second)).isNotEqualTo(folder(instance("beta-service-1")));
		assertThat(folder(first).resolve("alpha-service.jar")).hasSameBinaryContentAs(jar("alpha-service"));

		repository.build("alpha-service", "broken");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.restart("alpha-service", false))
			.withMessageContaining("alpha-service-1 ended at start")
			.withMessageContaining("the greeting is missing")
			.withMessageContaining(system.log("alpha-service-1").toString())
			.withMessageContaining("'./dev start alpha-service-1' starts what was healthy last");
		assertThat(condition("alpha-service-1")).isEqualTo(Condition.DIED);
		assertThat(instance("alpha-service-2")).isEqualTo(second);
		system.start("alpha-service-1");
		assertThat(folder(instance("alpha-service-1"))).as("what ran before").isEqualTo(folder(second));
		repository.build("alpha-service", "built");
		system.restart("alpha-service", false);

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.restart("consul", false))
			.withMessageContaining("is not built from this repository");
	}

	@Test
	void anInstanceLetsADebuggerInUntilItIsRestartedWithoutOne() throws Exception {
		system.restart("alpha-service-1", true);

		Integer port = Objects.requireNonNull(instance("alpha-service-1").debugPort());
		byte[] greeting = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
		try (Socket debugger = new Socket(InetAddress.getLoopbackAddress(), port)) {
			debugger.getOutputStream().write(greeting);
			assertThat(debugger.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);
		}
		assertThat(instance("alpha-service-2").debugPort()).isNull();

		system.restart("alpha-service-1", false);
		assertThat(instance("alpha-service-1").debugPort()).isNull();
	}

	@Test
	void aProcessOfOnesOwnTakesThePlaceOfAnInstanceThatDoesNotRunOrItsOwn() {
		Instance first = instance("alpha-service-1");
		assertThat(system.ownProcess("alpha-service").lines(Format.SHELL))
			.contains("export SPRING_CLOUD_CONSUL_PORT='" + system.consul().getPort() + "'")
			.doesNotContain("export SERVER_PORT='" + first.port() + "'");

		system.stop("alpha-service-1");
		await().untilAsserted(() -> assertThat(system.ownProcess("alpha-service").lines(Format.PROPERTIES)).contains(
				"SERVER_PORT=" + first.port(), "SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID=alpha-service-1",
				"SPRING_DATASOURCE_PASSWORD=" + system.database("alpha-service").password()));
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.ownProcess("postgres"))
			.withMessageContaining("config-server, alpha-service, beta-service, gateway");
	}

	@Test
	void aSecondConfigServerSharesFolderAndHistory() throws Exception {
		system.scale("config-server", 2);
		assertThat(condition("config-server-2")).isEqualTo(Condition.HEALTHY);
		assertThat(environment("config-server-2")).contains("SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID=config-server-2",
				"PLATFORM_CONFIG_SERVER_DIRECTORY=" + repository.configRepo(),
				"PLATFORM_CONFIG_SERVER_HISTORY=" + repository.state().resolve("config-history.git"));
		system.scale("alpha-service", 3);
		assertThat(environment("alpha-service-3")).contains(
				"SPRING_CLOUD_CONFIG_URI=" + system.address("config-server") + "," + system.address("config-server-2"));

		system.scale("config-server", 1);
		assertThat(system.instances()).extracting(Instance::name)
			.contains("config-server")
			.doesNotContain("config-server-2");
	}

	@Test
	void classesComeFromTheArchiveThatWasRecorded() throws Exception {
		Path images = repository.root().resolve(".dev/images");
		try (Stream<Path> files = Files.walk(images)) {
			assertThat(files.filter((file) -> file.toString().matches(".*\\.(jsa|aot)")))
				.hasSizeGreaterThanOrEqualTo(4);
		}
		ProcessIdentity process = Objects.requireNonNull(instance("alpha-service-1").process());
		assertThat(Files.readString(Path.of("/proc", Long.toString(process.pid()), "maps")))
			.containsPattern("\\.(jsa|aot)\n");
	}

	@Test
	void everyApplicationEndsWhenItRunsOutOfMemory() {
		assertThat(system.instances()).filteredOn((instance) -> instance.kind().isApplication())
			.hasSize(6)
			.allSatisfy((instance) -> assertThat(
					ProcessHandle.of(Objects.requireNonNull(instance.process()).pid()).orElseThrow().info().arguments())
				.get(InstanceOfAssertFactories.array(String[].class))
				.contains("-XX:+ExitOnOutOfMemoryError"));
	}

	@Test
	void aSecondSystemWithTheSameStateIsRefused() throws Exception {
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> start().close())
			.withMessageContaining("already runs");
		assertThat(condition("gateway")).isEqualTo(Condition.HEALTHY);
	}

	private LocalSystem start() {
		return LocalSystem.start(repository.options(), (step) -> {
		});
	}

	private Instance instance(String name) {
		return system.instances().stream().filter((instance) -> instance.name().equals(name)).findFirst().orElseThrow();
	}

	private Condition condition(String name) {
		return system.report()
			.stream()
			.filter((report) -> report.instance().name().equals(name))
			.findFirst()
			.orElseThrow()
			.condition();
	}

	private static Path folder(Instance instance) throws IOException {
		return Path.of("/proc", Long.toString(Objects.requireNonNull(instance.process()).pid()), "cwd").toRealPath();
	}

	private Path jar(String application) {
		return new Workspace(repository.root()).jar(application, true);
	}

	private List<String> environment(String instance) throws Exception {
		URI address = system.address(instance).resolve("/environment");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofLines())
			.body()
			.toList();
	}

}
