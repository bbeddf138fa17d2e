package com.example.platform.logging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.example.platform.logging.Outputs.Valve;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NonBlockingLoggingTests {

	private static final Pattern TOLD = Pattern.compile("WARN (\\d+) log lines were dropped within \\S+ s, .*");

	private final Outputs outputs = new Outputs();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final List<Valve> valves = new ArrayList<>();

	@AfterEach
	void open() {
		valves.forEach(Valve::open);
		outputs.context.stop();
	}

	@Test
	void whoLogsDoesNotWaitForAnOutputThatTakesNothing() throws ExecutionException, InterruptedException {
		Valve blocked = install("CONSOLE").get(0);
		CompletableFuture
			.allOf(IntStream.range(0, 4)
				.mapToObj((thread) -> CompletableFuture
					.runAsync(() -> IntStream.range(0, 10_000).forEach((i) -> outputs.log.info("line {}", i))))
				.toArray(CompletableFuture<?>[]::new))
			.get();
		assertThat(blocked.lines()).isEmpty();
		assertThat(dropped("CONSOLE")).isBetween(35_000.0, 40_000.0);
		assertThat(meters.get("platform.logging.queue").gauge().value()).isBetween(10_000.0, 65_536.0);
		blocked.open();
		await().until(() -> told(blocked) == dropped("CONSOLE"));
		assertThat(blocked.lines()).filteredOn((line) -> line.startsWith("INFO"))
			.hasSize((int) (40_000 - dropped("CONSOLE")));
		assertThat(meters.get("platform.logging.queue").gauge().value()).isZero();
	}

	@Test
	void aMessageThatIsNullIsALineToo() {
		Valve output = install("CONSOLE").get(0);
		output.open();
		outputs.log.error(null, new IllegalStateException());
		await().untilAsserted(() -> assertThat(output.lines()).anyMatch((line) -> line.startsWith("ERROR")));
	}

	@Test
	void anOutputThatIsTooSlowForGoodSaysSoAgainAndAgain() {
		Valve slow = install("CONSOLE").get(0);
		await().until(() -> {
			IntStream.range(0, 100).forEach((i) -> outputs.log.info("line {}", i));
			slow.permits.release();
			return slow.lines().stream().filter((line) -> TOLD.matcher(line).matches()).count() >= 2;
		});
		assertThat(told(slow)).isLessThan((long) dropped("CONSOLE"));
	}

	@Test
	void oneOutputThatBlocksDoesNotHoldUpTheOther() {
		List<Valve> both = install("CONSOLE", "FILE");
		both.get(1).open();
		for (int i = 0; i < 150; i++) {
			int line = i;
			outputs.log.info("line {}", line);
			await().pollInterval(Duration.ofMillis(1)).until(() -> both.get(1).lines().size() == line + 1);
		}
		assertThat(both.get(0).lines()).isEmpty();
		assertThat(dropped("CONSOLE")).isPositive();
		assertThat(dropped("FILE")).isZero();
	}

	@Test
	void theLastRoomIsForWarningsAndErrors() {
		Valve blocked = install("CONSOLE").get(0);
		IntStream.range(0, 1_000).forEach((i) -> outputs.log.info("flood"));
		double dropped = dropped("CONSOLE");
		outputs.log.warn("a warning");
		outputs.log.error("an error");
		assertThat(dropped("CONSOLE")).isEqualTo(dropped);
		blocked.open();
		await().untilAsserted(() -> assertThat(blocked.lines()).anyMatch((line) -> line.startsWith("WARN a warning"))
			.anyMatch((line) -> line.startsWith("ERROR an error")));
	}

	@Test
	void longLinesTakeTheRoomThatTheyNeed() {
		Valve blocked = install("CONSOLE").get(0);
		outputs.log.info("x".repeat(1_000_000));
		outputs.log.info("y".repeat(1_000_000));
		assertThat(dropped("CONSOLE")).isEqualTo(1);
		blocked.open();
		await().until(() -> told(blocked) == 1);
		outputs.log.info("z".repeat(1_000_000));
		await().until(() -> blocked.lines().stream().anyMatch((line) -> line.contains("zzz")));
		assertThat(dropped("CONSOLE")).isEqualTo(1);
	}

	@Test
	void settingsCountWhileItRuns() {
		install("CONSOLE");
		outputs.install().configure(new LoggingSettings(DataSize.ofMegabytes(1), Duration.ZERO));
		IntStream.range(0, 1_000).forEach((i) -> outputs.log.info("line"));
		assertThat(dropped("CONSOLE")).isZero();
	}

	@Test
	void aLineSaysWhatItsOwnThreadKnew() {
		Valve blocked = install("CONSOLE").get(0);
		StringBuilder changing = new StringBuilder("before");
		outputs.mdc.put("traceId", "abc");
		outputs.log.info("{}", changing);
		outputs.mdc.clear();
		changing.append(" and after");
		blocked.open();
		await().untilAsserted(() -> assertThat(blocked.lines()).containsExactly("INFO before traceId=abc"));
	}

	@Test
	void aValueThatCannotBeWrittenDoesNotEndTheLog() {
		Valve output = install("CONSOLE").get(0);
		output.open();
		outputs.log.atInfo().setMessage("odd").addKeyValue("odd", new Object() {
			@Override
			public String toString() {
				throw new StackOverflowError();
			}
		}).log();
		outputs.log.info("next");
		await().until(() -> output.lines().stream().anyMatch((line) -> line.startsWith("INFO next")));
	}

	@Test
	void whatAnAppenderLogsDoesNotComeBackToIt() {
		Valve output = install("CONSOLE").get(0);
		output.open();
		outputs.log.atInfo().setMessage("first").addKeyValue("lazy", new Object() {
			@Override
			public String toString() {
				outputs.log.info("from within");
				return "late";
			}
		}).log();
		outputs.log.info("last");
		await().until(() -> output.lines().stream().anyMatch((line) -> line.startsWith("INFO last")));
		assertThat(output.lines()).noneMatch((line) -> line.contains("within"));
	}

	@Test
	void aNormalStopLosesNothing() {
		Valve slow = install("CONSOLE").get(0);
		IntStream.range(0, 50).forEach((i) -> outputs.log.info("line {}", i));
		CompletableFuture<Void> reader = CompletableFuture
			.runAsync(() -> await().pollInterval(Duration.ofMillis(30)).until(() -> {
				slow.permits.release();
				return slow.lines().size() == 50;
			}));
		outputs.context.stop();
		assertThat(slow.lines()).hasSize(50);
		assertThat(reader).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	@Timeout(value = 20, unit = TimeUnit.SECONDS)
	void aStopEndsThoughTheOutputIsBlocked() {
		Valve blocked = install("CONSOLE").get(0);
		IntStream.range(0, 10).forEach((i) -> outputs.log.info("line {}", i));
		outputs.context.stop();
		assertThat(blocked.lines()).isEmpty();
	}

	@Test
	void whatALineTakesItsCaller() {
		install("CONSOLE", "FILE").forEach(Valve::open);
		outputs.install().configure(new LoggingSettings(DataSize.ofMegabytes(4), Duration.ofMinutes(1)));
		outputs.mdc.put("traceId", "0af7651916cd43dd8448eb211c80319c");
		long[] nanos = IntStream.range(0, 200).mapToLong((batch) -> {
			long begun = System.nanoTime();
			for (int i = 0; i < 500; i++) {
				outputs.log.info("order {} of user {} was placed", i, batch);
			}
			long time = (System.nanoTime() - begun) / 500;
			await().pollInterval(Duration.ofMillis(1)).until(this::nothingWaits);
			return time;
		}).skip(100).sorted().toArray();
		System.out.printf("A log line takes its caller %d ns (median), %d ns (p90)%n", nanos[50], nanos[90]);
		assertThat(dropped("CONSOLE") + dropped("FILE")).isZero();
		assertThat(nanos[50]).isLessThan(100_000);
	}

	private boolean nothingWaits() {
		return meters.get("platform.logging.queue").gauges().stream().allMatch((gauge) -> gauge.value() == 0);
	}

	private List<Valve> install(String... names) {
		for (String name : names) {
			valves.add(outputs.valve(name));
		}
		outputs.install().bindTo(meters);
		return valves;
	}

	private double dropped(String output) {
		return meters.get("platform.logging.dropped").tag("output", output).functionCounter().count();
	}

	private static long told(Valve valve) {
		return valve.lines()
			.stream()
			.map(TOLD::matcher)
			.filter(Matcher::matches)
			.mapToLong((line) -> Long.parseLong(line.group(1)))
			.sum();
	}

}
