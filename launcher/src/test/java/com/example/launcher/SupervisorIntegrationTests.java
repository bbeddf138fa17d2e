package com.example.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the supervisor does to a system that runs, and what it leaves to commands. It is
 * quicker here than usually. All tests share one system, detached because it would have a
 * supervisor of its own otherwise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs signals")
class SupervisorIntegrationTests {

	private static final Supervisor.Pace QUICK = new Supervisor.Pace(Duration.ofMillis(50), Duration.ofMillis(50),
			Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofHours(1));

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final FakeRepository repository;

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final LocalSystem system;

	private final Instances instances;

	SupervisorIntegrationTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.startedBefore(folder);
		LocalSystemOptions options = repository.options();
		this.system = LocalSystem.start(new LocalSystemOptions(options.root(), options.state(), options.configRepo(),
				null, null, null, false, 1, options.replicas(), false, true, true, Set.of(), Set.of(), true),
				told::add);
		this.instances = new Instances(new Workspace(repository.root()), repository.state(), told::add);
		new Supervisor(instances, QUICK).start();
	}

	@AfterEach
	void setRight() {
		system.instances()
			.stream()
			.filter((instance) -> instance.component().endsWith("-service"))
			.forEach((instance) -> {
				system.kill(instance.name());
				system.start(instance.name());
			});
		told.clear();
	}

	@AfterAll
	void stop() {
		system.close();
		assertThat(Leftover.of(repository.state())).isEmpty();
	}

	@Test
	void whatDiesIsStartedAgainOnItsPortsAndThatIsTold() throws IOException {
		Instance before = instance("alpha-service-1");

		crash("alpha-service-1");

		awaitRestarts("alpha-service-1", new Restarts(1, "ended by itself", false));
		awaitCondition("alpha-service-1", Condition.HEALTHY);
		assertThat(instance("alpha-service-1").port()).isEqualTo(before.port());
		await().until(() -> told.stream().anyMatch((line) -> line.startsWith("alpha-service-1 is healthy again")));
		assertThat(Files.readString(system.log("alpha-service-1"))).containsSubsequence(
				"launcher: alpha-service-1 ended by itself. It is started again in",
				"launcher: alpha-service-1 is healthy again");

		crash("alpha-service-1");
		awaitRestarts("alpha-service-1", new Restarts(2, "ended by itself", false));
	}

	@Test
	void whatHangsIsStartedAgainUnlessItIsPausedByHand() {
		Instance paused = instance("alpha-service-1");
		Instance hanging = instance("beta-service-1");

		system.pause(paused.name());
		process(hanging).send(ProcessIdentity.Signal.STOP);

		awaitRestarts("beta-service-1", new Restarts(1, "no longer answered that it lives", false));
		awaitCondition("beta-service-1", Condition.HEALTHY);
		assertThat(process(hanging).isAlive()).isFalse();
		assertThat(condition(paused.name())).isEqualTo(Condition.PAUSED);
		assertThat(instance(paused.name()).process()).isEqualTo(paused.process());

		system.resume(paused.name());
		crash(paused.name());
		awaitRestarts(paused.name(), new Restarts(1, "ended by itself", false));
	}

	@Test
	void whatIsEndedByHandStaysEnded() {
		system.kill("alpha-service-1");
		system.stop("alpha-service-2");
		system.scale("beta-service", 1);

		// Until then it has looked at the others, too.
		crash("beta-service-1");
		awaitRestarts("beta-service-1", new Restarts(1, "ended by itself", false));
		awaitCondition("beta-service-1", Condition.HEALTHY);

		assertThat(condition("alpha-service-1")).isEqualTo(Condition.STOPPED);
		assertThat(condition("alpha-service-2")).isEqualTo(Condition.STOPPED);
		assertThat(told).noneMatch((line) -> line.contains("alpha-service") || line.contains("beta-service-2"));
		system.scale("beta-service", 2);
	}

	@Test
	void whatIsBeingDebuggedMayHang() {
		system.restart("alpha-service-1", true);
		Instance debugged = instance("alpha-service-1");
		process(debugged).send(ProcessIdentity.Signal.STOP);

		process(instance("beta-service-1")).send(ProcessIdentity.Signal.STOP);
		awaitRestarts("beta-service-1", new Restarts(1, "no longer answered that it lives", false));

		assertThat(instance("alpha-service-1")).isEqualTo(debugged);
		system.restart("alpha-service-1", false);
	}

	@Test
	void whatDiesAgainAndAgainIsGivenUpUntilItIsStartedByHand() throws IOException {
		Path jar = jar("alpha-service");
		Path away = jar.resolveSibling("away");
		Files.move(jar, away);

		crash("alpha-service-1");

		await().atMost(PATIENCE).until(() -> restarts("alpha-service-1").filter(Restarts::gaveUp).isPresent());
		assertThat(condition("alpha-service-1")).isEqualTo(Condition.DIED);
		assertThat(restarts("alpha-service-1"))
			.contains(new Restarts(BackOff.MOST_DEATHS - 1, "ended by itself", true));
		await().until(() -> told.stream().anyMatch((line) -> line.contains("NOT")));
		assertThat(told).filteredOn((line) -> line.contains("NOT"))
			.singleElement()
			.asString()
			.contains("alpha-service-1", "5th", system.log("alpha-service-1").toString(),
					"./dev start alpha-service-1");
		assertThat(told).anyMatch((line) -> line.contains("ended at start with exit code 1"));

		Files.move(away, jar);
		system.start("alpha-service-1");
		assertThat(restarts("alpha-service-1")).isEmpty();
		crash("alpha-service-1");
		awaitRestarts("alpha-service-1", new Restarts(1, "ended by itself", false));
	}

	@Test
	void aStartByHandThatFailsIsLeftToWhoeverMadeIt() throws IOException {
		Path jar = jar("beta-service");
		Path away = jar.resolveSibling("away");
		system.kill("beta-service-1");
		Files.move(jar, away);
		try {
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> system.start("beta-service-1"))
				.withMessageContaining("ended at start");
		}
		finally {
			Files.move(away, jar);
		}

		crash("alpha-service-1");
		awaitRestarts("alpha-service-1", new Restarts(1, "ended by itself", false));
		assertThat(condition("beta-service-1")).isEqualTo(Condition.DIED);
		assertThat(restarts("beta-service-1")).isEmpty();
	}

	@Test
	void whatIsDemandedBeforeARestartCounts() {
		Instance stopped = instance("alpha-service-1");
		system.stop(stopped.name());
		assertThat(instances.startAgain(stopped, "ended by itself")).isEmpty();
		assertThat(instances.giveUp(stopped, "ended by itself")).isFalse();
		assertThat(condition(stopped.name())).isEqualTo(Condition.STOPPED);

		system.start(stopped.name());
		Instance startedByHand = instance(stopped.name());
		assertThat(instances.startAgain(stopped, "ended by itself")).isEmpty();
		assertThat(instance(stopped.name())).isEqualTo(startedByHand);

		system.pause(stopped.name());
		assertThat(instances.startAgain(startedByHand, "no longer answered that it lives")).isEmpty();
		assertThat(process(startedByHand).isAlive()).isTrue();

		Instance scaledAway = instance("alpha-service-2");
		system.scale("alpha-service", 1);
		assertThat(instances.startAgain(scaledAway, "ended by itself")).isEmpty();
		assertThat(system.instances()).extracting(Instance::name).doesNotContain("alpha-service-2");
		system.scale("alpha-service", 2);
	}

	@Test
	void ofSeveralWhoStartAnInstanceAtOnceOneDoesSo() {
		system.kill("alpha-service-1");

		Stream.generate(() -> LocalSystem.attach(repository.root(), repository.state(), told::add))
			.limit(4)
			.parallel()
			.forEach((launcher) -> {
				try {
					launcher.start("alpha-service-1");
				}
				catch (LocalSystemException ex) {
					assertThat(ex).hasMessageContaining("runs already");
				}
			});

		assertThat(condition("alpha-service-1")).isEqualTo(Condition.HEALTHY);
		assertThat(Leftover.of(repository.state())).extracting(Leftover::instance).containsOnlyOnce("alpha-service-1");
	}

	@Test
	void aStopDuringARestartWins() {
		for (int i = 0; i < 3; i++) {
			ProcessIdentity crashed = process(instance("beta-service-2"));
			crash("beta-service-2");
			await().atMost(PATIENCE).until(() -> !crashed.equals(instance("beta-service-2").process()));

			system.stop("beta-service-2");

			assertThat(condition("beta-service-2")).isEqualTo(Condition.STOPPED);
			assertThat(Leftover.of(repository.state())).extracting(Leftover::instance).doesNotContain("beta-service-2");
			system.start("beta-service-2");
		}
		assertThat(told).noneMatch((line) -> line.contains("ended at start"));
	}

	private void crash(String name) {
		process(instance(name)).send(ProcessIdentity.Signal.KILL);
	}

	private void awaitRestarts(String name, Restarts expected) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(restarts(name)).contains(expected));
	}

	private void awaitCondition(String name, Condition expected) {
		await().atMost(PATIENCE).until(() -> condition(name) == expected);
	}

	private Path jar(String application) throws IOException {
		try (Stream<Path> files = Files.walk(repository.root().resolve(".dev/images"))) {
			return files.filter((file) -> file.endsWith(application + ".jar")).findFirst().orElseThrow();
		}
	}

	private Optional<Restarts> restarts(String name) {
		return Optional.ofNullable(instance(name).restarts());
	}

	private Condition condition(String name) {
		return InstanceReport.of(instance(name)).condition();
	}

	private Instance instance(String name) {
		return system.instances().stream().filter((instance) -> instance.name().equals(name)).findFirst().orElseThrow();
	}

	private static ProcessIdentity process(Instance instance) {
		return Objects.requireNonNull(instance.process());
	}

}
