package com.example.platform.grpc.client;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TailTimeTests {

	private final SplittableRandom random = new SplittableRandom(42);

	@Test
	void oneInTwentyIsSlowerWhateverTheDistribution() {
		assertThat(shareSlower(() -> 1e6 + 4e6 * random.nextDouble())).isBetween(0.03, 0.07);
		assertThat(shareSlower(() -> -3e6 * Math.log(1 - random.nextDouble()))).isBetween(0.03, 0.07);
		assertThat(shareSlower(() -> (random.nextInt(100) == 0) ? 2e9 : 1e6 + random.nextInt(100_000))).isBetween(0.03,
				0.07);
	}

	@Test
	void itFollowsWhenCallsBecomeSlowerOrFaster() {
		TailTime tail = new TailTime(100_000_000);
		feed(tail, () -> 2e6 + random.nextInt(1_000_000), 3_000);
		assertThat(tail.nanos()).isBetween(2_000_000L, 3_500_000L);
		feed(tail, () -> 200e6 + random.nextInt(1_000_000), 100);
		assertThat(tail.nanos()).isGreaterThan(150_000_000);
	}

	@Test
	void aCallThatTookForEverCountsNoMoreThanAnother() {
		TailTime tail = new TailTime(10_000_000);
		tail.add(Long.MAX_VALUE);
		assertThat(tail.nanos()).isLessThan(11_000_000);
	}

	private static double shareSlower(DoubleSupplier times) {
		TailTime tail = new TailTime(100_000_000);
		feed(tail, times, 5_000);
		int slower = 0;
		for (int i = 0; i < 20_000; i++) {
			long time = (long) times.getAsDouble();
			slower += (time > tail.nanos()) ? 1 : 0;
			tail.add(time);
		}
		return slower / 20_000.0;
	}

	private static void feed(TailTime tail, DoubleSupplier times, int calls) {
		for (int i = 0; i < calls; i++) {
			tail.add((long) times.getAsDouble());
		}
	}

}
