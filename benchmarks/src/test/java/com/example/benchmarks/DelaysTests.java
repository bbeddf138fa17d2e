package com.example.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DelaysTests {

	private final Delays delays = new Delays();

	@Test
	void ofFewDelaysTheLongestIsTheHighPercentile() {
		for (int i = 20; i >= 1; i--) {
			delays.add(100, 100 + i);
		}
		assertThat(delays.count()).isEqualTo(20);
		assertThat(delays.percentile(0.5)).isEqualTo(10);
		assertThat(delays.percentile(0.99)).isEqualTo(20);
	}

	@Test
	void whatEndedBeforeItBeganTookNoTime() {
		delays.add(100, 99);
		assertThat(delays.percentile(0.99)).isZero();
	}

	@Test
	void whatNeverEndedIsLongerThanAllElse() {
		delays.add(100, 200);
		delays.add(100, Delays.NEVER);
		assertThat(delays.percentile(0.5)).isEqualTo(100);
		assertThat(delays.percentile(0.99)).isEqualTo(Delays.NEVER);
	}

}
