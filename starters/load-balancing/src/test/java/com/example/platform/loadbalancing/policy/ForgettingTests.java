package com.example.platform.loadbalancing.policy;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was bad long ago must not keep a node from its calls: without calls it can never
 * show that it is well.
 */
class ForgettingTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final long MILLISECOND = Duration.ofMillis(1).toNanos();

	private final AtomicLong clock = new AtomicLong();

	private final SplittableRandom random = new SplittableRandom(7);

	private List<Node> nodes = List.of();

	static Stream<Arguments> policiesAndFailures() {
		return Stream.of(PolicyName.values())
			.flatMap((name) -> IntStream.of(1, 5, 1000)
				.boxed()
				.flatMap((failures) -> LongStream.of(1, Long.MAX_VALUE - 30 * SECOND, -SECOND, Long.MIN_VALUE)
					.mapToObj((start) -> Arguments.of(name, failures, start))));
	}

	@ParameterizedTest
	@MethodSource("policiesAndFailures")
	void whatFailedAMinuteAgoCountsAsNotFailed(PolicyName name, int failures, long start) {
		Picker picker = pickerOfTwo(name, start);
		fail(failures);
		pass(60 * SECOND);
		assertBothAreCalled(name, callsOneAtATime(picker, 20, 0));
	}

	@ParameterizedTest
	@MethodSource("policiesAndFailures")
	void aFailureCostsNoCallAtOneAMinute(PolicyName name, int failures, long start) {
		Picker picker = pickerOfTwo(name, start);
		fail(failures);
		assertBothAreCalled(name, callsOneAtATime(picker, 20, 60 * SECOND));
	}

	@ParameterizedTest
	@MethodSource("policiesAndFailures")
	void whatAnsweredSlowlyAMinuteAgoCountsAsNotSlow(PolicyName name, int slowCalls, long start) {
		Picker picker = pickerOfTwo(name, start);
		IntStream.range(0, slowCalls).forEach((i) -> call(nodes.get(0), 10 * SECOND));
		pass(60 * SECOND);
		assertBothAreCalled(name, callsOneAtATime(picker, 20, 0));
		call(nodes.get(0), 10 * SECOND);
		assertBothAreCalled(name, callsOneAtATime(picker, 20, 60 * SECOND));
	}

	// Seconds instead of a minute: within these, a policy that looks at it may still
	// avoid
	// the node, but not for ever.
	@ParameterizedTest
	@EnumSource
	void aNodeThatFailedIsTriedAgainWithinHalfAMinuteOfSteadyCalls(PolicyName name) {
		Picker picker = pickerOfTwo(name, 1);
		fail(5);
		long[] counts = callsOneAtATime(picker, 300, SECOND / 10);
		assertThat(counts[0]).isPositive();
	}

	@Test
	void nodesThatDifferByChanceAloneShareTheCalls() {
		Picker picker = pickerOfTwo(PolicyName.RESPONSE_TIME, 1);
		long[] counts = new long[2];
		for (int i = 0; i < 1000; i++) {
			int chosen = picker.pick(Hash.NO_KEY);
			counts[chosen]++;
			// Around 20 ms, and the second a little slower throughout.
			call(nodes.get(chosen), (long) (MILLISECOND * (20 + chosen + random.nextDouble())));
		}
		assertThat(counts[1]).isBetween(400L, 600L);
	}

	@Test
	void theSlowerOfTwoStillGetsFewerCalls() {
		Picker picker = pickerOfTwo(PolicyName.RESPONSE_TIME, 1);
		long[] counts = new long[2];
		for (int i = 0; i < 1000; i++) {
			int chosen = picker.pick(Hash.NO_KEY);
			counts[chosen]++;
			call(nodes.get(chosen), (20 + 20 * chosen) * MILLISECOND);
		}
		assertThat(counts[1]).isBetween(1L, 100L);
	}

	@Test
	void aFailureAmongManySuccessesIsForgottenByThem() {
		pickerOfTwo(PolicyName.LEAST_REQUEST, 1);
		fail(1);
		assertThat(nodes.get(0).hasFailed()).isTrue();
		IntStream.range(0, 5).forEach((i) -> call(nodes.get(0), MILLISECOND));
		assertThat(nodes.get(0).hasFailed()).isFalse();
	}

	private Picker pickerOfTwo(PolicyName name, long start) {
		clock.set(start);
		nodes = List.of(new Node("a", clock::get), new Node("b", clock::get));
		nodes.forEach((node) -> call(node, 5 * MILLISECOND));
		return name.create(new PolicyOptions(128, 1.25), random).picker(nodes);
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			nodes.get(0).started();
			pass(MILLISECOND);
			nodes.get(0).failed();
		}
	}

	private void call(Node node, long nanos) {
		long startedAt = node.started();
		pass(nanos);
		node.responded(startedAt);
		node.succeeded();
	}

	private long[] callsOneAtATime(Picker picker, int calls, long pause) {
		long[] counts = new long[2];
		for (int i = 0; i < calls; i++) {
			pass(pause);
			int chosen = picker.pick(Hash.NO_KEY);
			counts[chosen]++;
			call(nodes.get(chosen), 5 * MILLISECOND);
		}
		return counts;
	}

	private void pass(long nanos) {
		clock.addAndGet(nanos);
	}

	// Those that draw lots are even only on average.
	private static void assertBothAreCalled(PolicyName name, long[] counts) {
		int tolerance = (name == PolicyName.RANDOM || name.goesByKey()) ? 7 : 1;
		assertThat(counts[0]).isBetween(10L - tolerance, 10L + tolerance);
	}

}
