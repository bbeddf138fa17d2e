package com.example.launcher;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackOffTests {

	private static final Duration GOOD_RUN = Duration.ofMinutes(2);

	private long now = -5;

	private final BackOff backOff = new BackOff(Duration.ofSeconds(1), GOOD_RUN, () -> now);

	@Test
	void theTimeDoublesUntilItIsGivenUp() {
		for (int seconds : new int[] { 1, 2, 4, 8 }) {
			assertThat(backOff.died()).contains(Duration.ofSeconds(seconds));
			passes(GOOD_RUN.minusNanos(1));
			backOff.tried();
		}
		assertThat(backOff.died()).isEmpty();
		assertThat(backOff.died()).isEmpty();
	}

	@Test
	void afterAGoodRunDeathsCountAnew() {
		assertThat(backOff.died()).contains(Duration.ofSeconds(1));
		backOff.tried();
		assertThat(backOff.died()).contains(Duration.ofSeconds(2));
		backOff.tried();
		passes(GOOD_RUN);
		assertThat(backOff.died()).contains(Duration.ofSeconds(1));
	}

	@Test
	void aStartThatTakesLongAndFailsIsNoGoodRun() {
		passes(GOOD_RUN);
		assertThat(backOff.died()).contains(Duration.ofSeconds(1));
		passes(GOOD_RUN);
		backOff.tried();
		assertThat(backOff.died()).contains(Duration.ofSeconds(2));
	}

	private void passes(Duration time) {
		now += time.toNanos();
	}

}
