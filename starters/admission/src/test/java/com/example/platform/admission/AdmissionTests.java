package com.example.platform.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AdmissionTests {

	private final AtomicLong clock = new AtomicLong();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Admission admission = new Admission("test", settings(10, 50), meters, clock::get);

	@Test
	void whatIsOverTheLimitIsRefusedUntilACallEnds() {
		List<Admission.Call> calls = enter(11, Importance.INTERACTIVE);
		assertThat(calls).hasSize(10);
		calls.get(0).end(true);
		assertThat(enter(2, Importance.INTERACTIVE)).hasSize(1);
		assertThat(meters.get("platform.admission.refused").tag("importance", "interactive").counter().count())
			.isEqualTo(2);
		assertThat(meters.get("platform.admission.calls").gauge().value()).isEqualTo(10);
	}

	@Test
	void backgroundGoesFirst() {
		assertThat(enter(10, Importance.BACKGROUND)).hasSize(5);
		assertThat(enter(10, Importance.INTERACTIVE)).hasSize(5);
		assertThat(enter(1, Importance.BACKGROUND)).isEmpty();
	}

	@Test
	void aFloodOfWritesLeavesRoomForReads() {
		long writes = IntStream.range(0, 10)
			.filter((i) -> admission.enter(Importance.INTERACTIVE, true).isPresent())
			.count();
		assertThat(writes).isEqualTo(7);
		assertThat(enter(10, Importance.INTERACTIVE)).hasSize(3);
	}

	@Test
	void aCallThatEndsTwiceEndsOnce() {
		Admission.Call call = enter(1, Importance.INTERACTIVE).get(0);
		call.end(false);
		call.end(true);
		assertThat(enter(11, Importance.INTERACTIVE)).hasSize(10);
	}

	@Test
	void theLimitGrowsToItsBoundWhileManyCallsTakeNoLonger() {
		for (int second = 0; second < 200; second++) {
			second(limit(), Duration.ofMillis(10));
		}
		assertThat(limit()).isEqualTo(50);
	}

	@Test
	void theLimitFallsWhenCallsWaitForEachOther() {
		for (int second = 0; second < 200; second++) {
			second(limit(), Duration.ofMillis(10));
		}
		for (int second = 0; second < 20; second++) {
			second(limit(), Duration.ofMillis(100));
		}
		assertThat(limit()).isLessThan(20);
	}

	@Test
	void fewCallsSayNothingAboutWhatCanBeCarried() {
		for (int second = 0; second < 200; second++) {
			second(2, Duration.ofMillis(10));
		}
		assertThat(limit()).isEqualTo(10);
	}

	@Test
	void failuresSayNothingAboutHowFastWorkIsDone() {
		for (int second = 0; second < 100; second++) {
			second(limit(), Duration.ofMillis(10));
		}
		int before = limit();
		for (int second = 0; second < 100; second++) {
			List<Admission.Call> calls = enter(limit(), Importance.INTERACTIVE);
			clock.addAndGet(Duration.ofSeconds(1).toNanos());
			calls.forEach((call) -> call.end(false));
		}
		assertThat(limit()).isEqualTo(before);
	}

	@Test
	void newBoundsCountAtOnceAndCallsUnderWayStayCounted() {
		List<Admission.Call> calls = enter(10, Importance.INTERACTIVE);
		admission.configure(settings(5, 5));
		assertThat(enter(1, Importance.INTERACTIVE)).isEmpty();
		calls.subList(0, 6).forEach((call) -> call.end(true));
		assertThat(enter(5, Importance.INTERACTIVE)).hasSize(1);
	}

	@Test
	void theLimitStaysWhereItIsWhenOnlySharesChangeAndBetweenNewBounds() {
		for (int second = 0; second < 200; second++) {
			second(limit(), Duration.ofMillis(10));
		}
		admission.configure(new AdmissionSettings(true, 10, 50, 0.1, 0.1, 0.2));
		assertThat(limit()).isEqualTo(50);
		admission.configure(settings(10, 40));
		assertThat(limit()).isEqualTo(40);
	}

	@Test
	void slowCallsAreLearnedFromToo() {
		for (int round = 0; round < 50; round++) {
			second(limit(), Duration.ofSeconds(4));
		}
		assertThat(limit()).isGreaterThan(20);
	}

	@Test
	void theLeastLimitLeavesRoomForEachKind() {
		admission.configure(settings(1, 1));
		assertThat(admission.enter(Importance.BACKGROUND, true)).isPresent();
		assertThat(admission.enter(Importance.BACKGROUND, true)).isEmpty();
	}

	@Test
	void nothingIsRefusedWhileItIsDisabled() {
		admission.configure(new AdmissionSettings(false, 1, 1, 0, 0.1, 0.1));
		assertThat(enter(100, Importance.BACKGROUND)).hasSize(100);
	}

	private static AdmissionSettings settings(int min, int max) {
		return new AdmissionSettings(true, min, max, 0.5, 0.7, 0.1);
	}

	private int limit() {
		return (int) meters.get("platform.admission.limit").gauge().value();
	}

	// Rounds of so many calls at once, which take so long each.
	private void second(int calls, Duration time) {
		for (long end = clock.get() + Duration.ofSeconds(1).toNanos(); clock.get() < end;) {
			List<Admission.Call> round = enter(calls, Importance.INTERACTIVE);
			clock.addAndGet(time.toNanos());
			round.forEach((call) -> call.end(true));
		}
	}

	private List<Admission.Call> enter(int calls, Importance importance) {
		List<Admission.Call> entered = new ArrayList<>();
		IntStream.range(0, calls).forEach((i) -> admission.enter(importance, false).ifPresent(entered::add));
		return entered;
	}

}
