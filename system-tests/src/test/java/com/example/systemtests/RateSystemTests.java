package com.example.systemtests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import com.example.launcher.load.Connections;
import com.example.launcher.load.Latency;
import com.example.launcher.load.Latency.By;
import com.example.launcher.load.Load;
import com.example.launcher.load.LoadOptions;
import com.example.launcher.load.LoadResult;
import com.example.launcher.load.Mix;
import com.example.launcher.load.Second;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proves what four times the load that the system carries does to it: what it takes on is
 * answered, the rest is refused, and a moment later all is as before. Figures are
 * printed, and asserted with room, since generator and system share the machine.
 * {@code ./dev test -Dload.full=true} takes the time for the README's figures.
 */
class RateSystemTests {

	private static final boolean FULL = Boolean.getBoolean("load.full");

	private static final Duration STEP = Duration.ofSeconds(FULL ? 10 : 4);

	private static final Duration OVERLOAD = Duration.ofSeconds(FULL ? 60 : 10);

	private static final int MOST_UNDER_WAY = 1_000;

	private final Mix reads = Mix.of("reads", 0, new Random(1));

	private final Connections connections = new Connections(RunningSystem.gateway(), Http.TIMEOUT);

	@AfterEach
	void close() {
		connections.close();
	}

	@Test
	void ofFourTimesTheLoadThatItCarriesItRefusesWhatItCannotAndAllIsWellAMomentLater() {
		reads.prepare(connections);
		run("warm-up", 300, STEP.multipliedBy(3));
		double best = 0;
		double sustainable = 0;
		boolean carried = true;
		for (double rate = 200; carried; rate *= 1.4) {
			LoadResult step = run("ramp", rate, STEP);
			best = Math.max(best, goodput(step));
			carried = step.ok() >= 0.98 * (step.sent() + step.notSent());
			sustainable = carried ? rate : sustainable;
		}
		assertThat(sustainable).isPositive();
		LoadResult unloaded = run("unloaded", sustainable / 10, STEP);
		Map<String, Long> before = RunningSystem.processes();
		List<Long> memory = new ArrayList<>();
		LoadResult over = run("four times", 4 * sustainable, OVERLOAD, (second) -> {
			if (second.second() % 5 == 0) {
				memory.add(memory());
			}
		});
		LoadResult after = run("afterwards", sustainable / 10, Duration.ofSeconds(7));
		Latency usual = accepted(unloaded);
		Latency accepted = accepted(over);
		Latency refused = over.latency(By.OUTCOME, "503").orElseThrow();
		long normal = after.history()
			.stream()
			.filter((second) -> second.refused() + second.failed() > 0)
			.mapToInt(Second::second)
			.max()
			.orElse(0);
		System.out.printf(
				"carried %.0f reads a second, at best %.0f; at %.0f: %.0f, which is %.0f %%; p99 of what was accepted %.0f ms, unloaded %.0f ms; p50 and p99 of refusals %.0f and %.0f ms; %d failed; memory in MiB every 5 s %s; the last second afterwards in which anything failed: %d%n",
				sustainable, best, over.rps(), goodput(over), 100 * goodput(over) / best, accepted.p99(), usual.p99(),
				refused.p50(), refused.p99(), over.failed(), memory, normal);
		assertThat(RunningSystem.processes()).isEqualTo(before);
		assertThat(over.ok() + over.refused()).as("answered, one way or the other").isEqualTo(over.sent());
		assertThat(goodput(over)).isGreaterThan(best / 5);
		assertThat(accepted.p99()).as("half of what the gateway gives a request").isLessThan(5_000);
		assertThat((double) memory.get(memory.size() - 1)).isLessThan(1.1 * memory.get(0));
		assertThat(normal).isLessThanOrEqualTo(5);
	}

	private LoadResult run(String name, double rate, Duration time) {
		return run(name, rate, time, (second) -> {
		});
	}

	private LoadResult run(String name, double rate, Duration time, Consumer<Second> eachSecond) {
		LoadResult result = Load
			.start(connections, new LoadOptions(rate, false, time, MOST_UNDER_WAY), reads, new Random(1))
			.watch(eachSecond);
		System.out.printf(
				"%s: %.0f a second for %.0f s: %d ok with p99 %.0f ms, %d refused, %d failed, %d not sent; sent late, p99: %.1f ms%n",
				name, rate, result.seconds(), result.ok(), accepted(result).p99(), result.refused(), result.failed(),
				result.notSent(), result.lateP99());
		return result;
	}

	private static double goodput(LoadResult result) {
		return result.ok() / result.seconds();
	}

	private static Latency accepted(LoadResult result) {
		return result.latency(By.CLASS, "2xx").orElseThrow();
	}

	/** MiB of all processes. */
	private static long memory() {
		return RunningSystem.system()
			.report()
			.stream()
			.mapToLong((instance) -> instance.memory().orElse(0))
			.sum() >> 20;
	}

}
