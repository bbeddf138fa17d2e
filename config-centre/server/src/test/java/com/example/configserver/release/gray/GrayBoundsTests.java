package com.example.configserver.release.gray;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrayBoundsTests {

	private final GrayBounds bounds = new GrayBounds(Duration.ofSeconds(1), Duration.ofSeconds(30), 20, 5, 0.05, 3,
			Duration.ofMillis(100));

	@Test
	void moreErrorsThanTheBoundAreTooMany() {
		assertThat(bounds.exceededBy(traffic(100, 6, 0.01), traffic(100, 0, 0.01))).get()
			.asString()
			.contains("6.0 %")
			.contains("0.0 %");
		assertThat(bounds.exceededBy(traffic(100, 5, 0.01), traffic(100, 0, 0.01))).isEmpty();
	}

	@Test
	void errorsThatTheOthersHaveTooAreNotTheRevisionsFault() {
		assertThat(bounds.exceededBy(traffic(100, 30, 0.01), traffic(100, 28, 0.01))).isEmpty();
	}

	@Test
	void whatAThirdPartyDoesIsTheRevisionsFaultOnlyIfTheOthersMeetLessOfIt() {
		Traffic failing = new Traffic(100, 0, 100, Map.of());
		assertThat(bounds.exceededBy(failing, failing)).isEmpty();
		assertThat(bounds.exceededBy(failing, new Traffic(100, 0, 0, Map.of()))).get().asString().contains("100.0 %");
		assertThat(bounds.exceededBy(failing, new Traffic(19, 0, 0, Map.of()))).isEmpty();
		assertThat(bounds.exceededBy(failing, Traffic.NONE)).isEmpty();
	}

	@Test
	void fewRequestsProveNothing() {
		assertThat(bounds.exceededBy(traffic(19, 4, 0.01), traffic(100, 0, 0.01))).isEmpty();
		assertThat(bounds.exceededBy(traffic(19, 0, 0.5), traffic(100, 0, 0.1))).isEmpty();
		assertThat(bounds.exceededBy(traffic(20, 4, 0.01), traffic(0, 0, 0.01))).isPresent();
	}

	@Test
	void fewErrorsProveEnoughSinceCallersTurnAwayFromWhoFails() {
		assertThat(bounds.exceededBy(traffic(5, 5, 0.01), traffic(100, 0, 0.01))).isPresent();
		assertThat(bounds.exceededBy(traffic(5, 5, 0.01), traffic(100, 100, 0.01))).isEmpty();
	}

	@Test
	void answersThatTakeManyTimesAsLongAreTooSlow() {
		assertThat(bounds.exceededBy(traffic(100, 0, 0.5), traffic(100, 0, 0.1))).get().asString().contains("500 ms");
		assertThat(bounds.exceededBy(traffic(100, 0, 0.25), traffic(100, 0, 0.1))).isEmpty();
		assertThat(bounds.exceededBy(traffic(100, 0, 0.02), traffic(100, 0, 0.001))).isEmpty();
		assertThat(bounds.exceededBy(new Traffic(100, 0, 0, Map.of(10.0, 50.0)), traffic(100, 0, 0.1))).get()
			.asString()
			.contains("longer than is measured");
	}

	@Test
	void oneSlowAnswerOfFewProvesNothing() {
		assertThat(bounds.exceededBy(new Traffic(40, 0, 0, Map.of(0.1, 36.0, 1.0, 40.0)), traffic(100, 0, 0.1)))
			.isEmpty();
		assertThat(bounds.exceededBy(new Traffic(40, 0, 0, Map.of(0.1, 35.0, 1.0, 40.0)), traffic(100, 0, 0.1))).get()
			.asString()
			.contains("1000 ms");
		assertThat(bounds.exceededBy(new Traffic(1000, 0, 0, Map.of(0.1, 991.0, 1.0, 1000.0)), traffic(100, 0, 0.1)))
			.isEmpty();
	}

	private static Traffic traffic(int requests, int errors, double seconds) {
		return new Traffic(requests, errors, 0, Map.of(seconds, (double) requests));
	}

}
