package com.example.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two clones side by side, both with the usual ports as {@code ./dev up} starts them.
 * {@code -Dfaults.full=true} goes on for 100 rounds.
 */
class TwoClonesIntegrationTests {

	private static final int ROUNDS = Boolean.getBoolean("faults.full") ? 100 : 6;

	private final List<FakeRepository> clones;

	private final List<LocalSystem> systems = new ArrayList<>();

	TwoClonesIntegrationTests(@TempDir Path folder) throws IOException {
		this.clones = List.of(FakeRepository.startedBefore(folder.resolve("one")),
				FakeRepository.startedBefore(folder.resolve("two")));
	}

	@AfterEach
	void stop() {
		systems.forEach(LocalSystem::close);
	}

	@Test
	void neitherNoticesWhatHappensToTheOther() {
		clones.stream()
			.map((clone) -> CompletableFuture.supplyAsync(() -> start(clone)))
			.toList()
			.forEach((started) -> systems.add(started.join()));
		assertThat(systems.stream().flatMapToInt(TwoClonesIntegrationTests::ports).toArray()).doesNotHaveDuplicates();
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (int round = 0; round < ROUNDS; round++) {
			int number = random.nextInt(2);
			LocalSystem other = systems.get(1 - number);
			List<Instance> before = other.instances();
			String done = change(number, random);
			assertThat(other.instances()).as("After %s, seed %d", done, seed).isEqualTo(before);
			assertUnharmed(other, done + ", seed " + seed);
			assertUnharmed(systems.get(number), done + ", seed " + seed);
		}
	}

	/** Does one thing to a clone and sets it right again. */
	private String change(int number, Random random) {
		LocalSystem system = systems.get(number);
		List<Instance> instances = system.instances();
		Instance instance = instances.get(random.nextInt(instances.size()));
		String name = instance.name();
		switch (random.nextInt(5)) {
			case 0 -> {
				system.stop(name);
				again(system, instance);
				return "stop " + name;
			}
			case 1 -> {
				system.kill(name);
				again(system, instance);
				return "kill " + name;
			}
			case 2 -> {
				system.scale("alpha-service", 1 + random.nextInt(4));
				return "scale";
			}
			case 3 -> {
				system.close();
				systems.set(number, start(clones.get(number)));
				return "stop clone " + number;
			}
			default -> {
				system.instances()
					.stream()
					.map(Instance::process)
					.filter(Objects::nonNull)
					.forEach((process) -> process.send(ProcessIdentity.Signal.KILL));
				system.close();
				systems.set(number, start(clones.get(number)));
				return "kill clone " + number;
			}
		}
	}

	private static void again(LocalSystem system, Instance instance) {
		system.start(instance.name());
		if (instance.component().equals("consul")) {
			// Unlike those of this repository, these applications register once only.
			List<String> forgotten = system.instances()
				.stream()
				.filter((other) -> other.kind().isApplication())
				.map(Instance::name)
				.toList();
			forgotten.forEach(system::stop);
			forgotten.forEach(system::start);
		}
	}

	/** All are healthy, and its Consul knows them and nobody else. */
	private static void assertUnharmed(LocalSystem system, String done) {
		await(done).until(() -> system.report().stream().allMatch((report) -> report.condition() == Condition.HEALTHY));
		for (String component : List.of("config-server", "alpha-service", "beta-service", "gateway")) {
			assertThat(Health.passing(component, system.consul().getPort())).as("After %s", done)
				.containsExactlyInAnyOrderElementsOf(system.instances()
					.stream()
					.filter((instance) -> instance.component().equals(component))
					.map(Instance::name)
					.toList());
		}
	}

	private static LocalSystem start(FakeRepository clone) {
		return LocalSystem.start(new LocalSystemOptions(clone.root(), clone.state(), clone.configRepo(), null, null,
				null, true, 1, Map.of(), false, false, true, Set.of(), Set.of(), false), (step) -> {
				});
	}

	private static IntStream ports(LocalSystem system) {
		return system.instances()
			.stream()
			.flatMapToInt((instance) -> IntStream.of(instance.port(), instance.grpcPort(), instance.managementPort()))
			.filter((port) -> port != 0);
	}

}
