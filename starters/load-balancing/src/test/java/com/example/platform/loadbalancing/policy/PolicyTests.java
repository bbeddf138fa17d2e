package com.example.platform.loadbalancing.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PolicyTests {

	private static final int KEYS = 200_000;

	private final AtomicLong clock = new AtomicLong(1);

	private final SplittableRandom random = new SplittableRandom(42);

	@ParameterizedTest
	@EnumSource
	void everyPolicyServesAFleetOfOneAndOfAThousand(PolicyName name) {
		for (int size : new int[] { 1, 2, 129, 1000 }) {
			Picker picker = picker(name, nodes(size));
			for (int i = 0; i < 2 * size; i++) {
				assertThat(picker.pick(Hash.of("key-" + i))).isBetween(0, size - 1);
				assertThat(picker.pick(Hash.NO_KEY)).isBetween(0, size - 1);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void everyPolicyServesNodesWithoutWeight(PolicyName name) {
		List<Node> nodes = nodes(3);
		nodes.forEach((node) -> node.weight(0));
		assertThat(picker(name, nodes).pick(Hash.of("key"))).isBetween(0, 2);
	}

	@Test
	void roundRobinTakesEachNodeAsOftenAsTheOthers() {
		long[] counts = counts(picker(PolicyName.ROUND_ROBIN, nodes(7)), 7, 7 * 1000 + 3);
		assertThat(Arrays.stream(counts).max().getAsLong() - Arrays.stream(counts).min().getAsLong())
			.isLessThanOrEqualTo(1);
	}

	@Test
	void weightedRoundRobinSpreadsTheTurnsOfAHeavyNode() {
		List<Node> nodes = nodes(3);
		nodes.get(0).weight(5);
		Picker picker = picker(PolicyName.WEIGHTED_ROUND_ROBIN, nodes);
		String turns = IntStream.range(0, 7)
			.mapToObj((i) -> "abc".substring(picker.pick(0)).substring(0, 1))
			.collect(Collectors.joining());
		// From any of its turns on.
		assertThat("aabacaa".repeat(2)).contains(turns);
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "WEIGHTED_ROUND_ROBIN", "LEAST_REQUEST", "RESPONSE_TIME" })
	void callersThatStartTogetherBeginAtDifferentNodes(PolicyName name) {
		List<Node> nodes = nodes(3);
		nodes.get(0).weight(2);
		long[] first = new long[3];
		for (int caller = 0; caller < 4000; caller++) {
			first[picker(name, nodes).pick(Hash.NO_KEY)]++;
		}
		assertThat(first[1]).isGreaterThan(800);
		assertThat(first[2]).isGreaterThan(800);
		assertThat(first[0]).isGreaterThan(800);
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "WEIGHTED_ROUND_ROBIN", "LEAST_REQUEST", "RESPONSE_TIME" })
	void turnsGoOnWhereTheyWereWhenThePickerIsMadeAnew(PolicyName name) {
		List<Node> nodes = nodes(3);
		if (name != PolicyName.ROUND_ROBIN) {
			nodes.get(0).weight(5);
		}
		Policy policy = name.create(PolicyOptions.DEFAULTS, random);
		long[] counts = new long[3];
		for (int call = 0; call < 2100; call++) {
			counts[policy.picker(nodes).pick(Hash.NO_KEY)]++;
		}
		assertThat(counts)
			.isEqualTo((name == PolicyName.ROUND_ROBIN) ? new long[] { 700, 700, 700 } : new long[] { 1500, 300, 300 });
	}

	@Test
	void weightsAreExactOverACycle() {
		List<Node> nodes = nodes(4);
		int[] weights = { 30, 10, 0, 20 };
		IntStream.range(0, 4).forEach((i) -> nodes.get(i).weight(weights[i]));
		assertThat(counts(picker(PolicyName.WEIGHTED_ROUND_ROBIN, nodes), 4, 6)).containsExactly(3, 1, 0, 2);
	}

	@Test
	void weightsBeyondTheLongestCycleAreRoundedAndNobodyIsForgotten() {
		List<Node> nodes = nodes(2);
		nodes.get(0).weight(1_000_003);
		long[] counts = counts(picker(PolicyName.WEIGHTED_ROUND_ROBIN, nodes), 2, 1 << 15);
		assertThat(counts[1]).isPositive();
		assertThat(counts[0]).isGreaterThan(counts[1] * 1000);
	}

	@Test
	void idleNodesAreTakenInTurnByLeastRequest() {
		assertThat(counts(picker(PolicyName.LEAST_REQUEST, nodes(2)), 2, 1000)).containsExactly(500, 500);
	}

	@Test
	void leastRequestAvoidsTheBusyNode() {
		List<Node> nodes = nodes(2);
		nodes.get(0).started();
		Picker picker = picker(PolicyName.LEAST_REQUEST, nodes);
		assertThat(counts(picker, 2, 100)).containsExactly(0, 100);
	}

	@Test
	void leastRequestHonoursTheWeight() {
		List<Node> nodes = nodes(2);
		nodes.get(0).weight(3);
		nodes.get(0).started();
		nodes.get(1).started();
		assertThat(counts(picker(PolicyName.LEAST_REQUEST, nodes), 2, 100)).containsExactly(100, 0);
	}

	@Test
	void leastRequestTakesIdleNodesAsOftenAsTheirWeightsSay() {
		List<Node> nodes = nodes(3);
		nodes.get(0).weight(3);
		nodes.get(1).weight(0);
		assertThat(counts(picker(PolicyName.LEAST_REQUEST, nodes), 3, 400)).containsExactly(300, 0, 100);
	}

	@Test
	void aNodeThatHasNotAnsweredYetDoesNotDrawTheCalls() {
		List<Node> nodes = nodes(3);
		call(nodes.get(0), 10_000_000);
		call(nodes.get(1), 10_000_000);
		Picker picker = picker(PolicyName.RESPONSE_TIME, nodes);
		for (int i = 0; i < 30; i++) {
			nodes.get(picker.pick(Hash.NO_KEY)).started();
		}
		assertThat(nodes.get(2).inFlight()).isEqualTo(1);
	}

	@Test
	void responseTimeAvoidsTheSlowNodeAndForgivesIt() {
		List<Node> nodes = nodes(2);
		call(nodes.get(0), 1_000_000_000);
		call(nodes.get(1), 1_000_000);
		Picker picker = picker(PolicyName.RESPONSE_TIME, nodes);
		assertThat(counts(picker, 2, 100)).containsExactly(0, 100);
		clock.addAndGet(300_000_000_000L);
		call(nodes.get(1), 1_000_000);
		assertThat(counts(picker, 2, 100)[0]).isPositive();
	}

	@ParameterizedTest
	@EnumSource(names = { "LEAST_REQUEST", "RESPONSE_TIME" })
	void aNodeThatFailsFastDoesNotDrawTheCalls(PolicyName name) {
		List<Node> nodes = nodes(3);
		nodes.forEach((node) -> call(node, 10_000_000));
		for (int i = 0; i < 10; i++) {
			nodes.get(0).started();
			nodes.get(0).failed();
		}
		nodes.get(1).started();
		nodes.get(2).started();
		assertThat(counts(picker(name, nodes), 3, 300)[0]).isZero();
	}

	@Test
	void aSingleFailureIsForgottenSoonerThanARow() {
		List<Node> nodes = nodes(2);
		nodes.get(0).started();
		nodes.get(0).failed();
		double single = nodes.get(0).failureCharge(clock.get());
		nodes.get(1).started();
		nodes.get(1).failed();
		nodes.get(1).started();
		nodes.get(1).failed();
		assertThat(nodes.get(1).failureCharge(clock.get())).isGreaterThan(2 * single);
		nodes.get(0).started();
		nodes.get(0).succeeded();
		assertThat(nodes.get(0).failureCharge(clock.get())).isLessThan(single);
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 100, 1000 })
	void aConsistentHashSpreadsKeysEvenlyAndMovesThoseOfANodeThatLeaves(int size) {
		List<Node> nodes = nodes(size);
		Picker before = picker(PolicyName.CONSISTENT_HASH, nodes);
		Picker after = picker(PolicyName.CONSISTENT_HASH, nodes.subList(0, size - 1));
		long moved = IntStream.range(0, KEYS)
			.mapToLong((i) -> Hash.of("user-" + i))
			.filter((key) -> before.pick(key) < size - 1 && after.pick(key) != before.pick(key))
			.count();
		long[] counts = counts(before, size, KEYS);
		double mean = (double) KEYS / size;
		assertThat(Arrays.stream(counts).max().getAsLong() / mean).isLessThan(1 + 5 / Math.sqrt(mean));
		assertThat(moved).isZero();
	}

	@Test
	void aLargeFleetTakesKeysBackFromANodeThatWasInItsWay() {
		List<Node> nodes = nodes(1000);
		Picker before = picker(PolicyName.CONSISTENT_HASH, nodes);
		long moved = 0;
		for (int left = 0; left < 100; left++) {
			List<Node> others = new ArrayList<>(nodes);
			others.remove(left);
			Picker after = picker(PolicyName.CONSISTENT_HASH, others);
			for (int i = 0; i < 10_000; i++) {
				long key = Hash.of("user-" + i);
				moved += (nodes.get(before.pick(key)) != others.get(after.pick(key))) ? 1 : 0;
			}
		}
		// 100 times one of 1,000 leaves: of 10,000 keys each, 10 are its own.
		assertThat(moved / 1000.0).isBetween(0.95, 1.1);
	}

	@Test
	void callersAgreeOnAKeyWhateverTheOrderOfTheirLists() {
		for (int size : new int[] { 5, 500 }) {
			List<Node> nodes = nodes(size);
			List<Node> reversed = new ArrayList<>(nodes);
			Collections.reverse(reversed);
			Picker one = picker(PolicyName.CONSISTENT_HASH, nodes);
			Picker other = picker(PolicyName.CONSISTENT_HASH, reversed);
			for (int i = 0; i < 1000; i++) {
				long key = Hash.of("user-" + i);
				assertThat(nodes.get(one.pick(key))).isSameAs(reversed.get(other.pick(key)));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 5, 200 })
	void aConsistentHashHonoursWeights(int size) {
		List<Node> nodes = nodes(size);
		nodes.get(0).weight(3);
		long[] counts = counts(picker(PolicyName.CONSISTENT_HASH, nodes), size, KEYS);
		double share = 3.0 / (size + 2);
		assertThat(counts[0] / (double) KEYS).isCloseTo(share, within(5 * Math.sqrt(share / KEYS)));
	}

	@Test
	void aBoundedLoadGoesOnToTheKeysNextNode() {
		List<Node> nodes = nodes(4);
		Picker picker = PolicyName.CONSISTENT_HASH.create(new PolicyOptions(128, 1.25), random).picker(nodes);
		long key = Hash.of("celebrity");
		int home = picker.pick(key);
		for (int i = 0; i < 100; i++) {
			nodes.get(picker.pick(key)).started();
		}
		assertThat(nodes.get(home).inFlight()).isLessThanOrEqualTo(33);
		assertThat(nodes).filteredOn((node) -> node.inFlight() > 0).hasSizeGreaterThan(2);
	}

	@Test
	void aStickyKeyStaysWhenNodesJoinAndMovesOnlyWhenItsOwnLeaves() {
		List<Node> nodes = nodes(12);
		Policy policy = PolicyName.STICKY.create(PolicyOptions.DEFAULTS, random);
		Picker small = policy.picker(nodes.subList(0, 3));
		long[] keys = IntStream.range(0, 500).mapToLong((i) -> Hash.of("session-" + i)).toArray();
		int[] first = Arrays.stream(keys).mapToInt(small::pick).toArray();
		Picker large = policy.picker(nodes);
		int[] second = Arrays.stream(keys).mapToInt(large::pick).toArray();
		long stayed = IntStream.range(0, 500).filter((i) -> first[i] == second[i]).count();
		// Two keys in one place of the table displace each other.
		assertThat(stayed).isGreaterThan(490);
		Picker without = policy.picker(nodes.subList(1, 12));
		for (int i = 0; i < 500; i++) {
			if (second[i] != 0) {
				assertThat(without.pick(keys[i])).isEqualTo(second[i] - 1);
			}
		}
	}

	@Test
	void stickyForgetsNodesThatAreGoneAndKeepsTheKeysOfTheOthers() {
		Policy policy = PolicyName.STICKY.create(PolicyOptions.DEFAULTS, random);
		List<Node> lasting = nodes(3);
		Picker before = policy.picker(lasting);
		long[] keys = IntStream.range(0, 300).mapToLong((i) -> Hash.of("session-" + i)).toArray();
		int[] first = Arrays.stream(keys).mapToInt(before::pick).toArray();
		List<Node> present = new ArrayList<>(lasting);
		for (int started = 0; started < 3000; started++) {
			present = new ArrayList<>(lasting);
			present.add(new Node("restarted-" + started, clock::get));
			policy.picker(present);
		}
		Picker after = policy.picker(present);
		assertThat(IntStream.range(0, 300).filter((i) -> after.pick(keys[i]) == first[i]).count()).isGreaterThan(290);
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "RANDOM", "WEIGHTED_ROUND_ROBIN", "LEAST_REQUEST" })
	void aNodeThatWarmsUpGetsAGrowingShareOfItsCalls(PolicyName name) {
		List<Node> nodes = nodes(2);
		nodes.forEach((node) -> call(node, 10_000_000));
		nodes.get(0).warmUp(0.1);
		Picker picker = new WarmUp(picker(name, nodes), nodes, random);
		assertThat(counts(picker, 2, 100_000)[0] / 100_000.0).isBetween(0.04, 0.06);
		nodes.get(0).warmUp(0.5);
		assertThat(counts(picker, 2, 100_000)[0] / 100_000.0).isBetween(0.23, 0.27);
	}

	// The other is always busier, so that each policy would take this one.
	@ParameterizedTest
	@EnumSource(names = { "LEAST_REQUEST", "RESPONSE_TIME" })
	void aNodeThatWarmsUpGetsNoMoreThanItsShareForBeingIdle(PolicyName name) {
		List<Node> nodes = nodes(2);
		nodes.forEach((node) -> call(node, 10_000_000));
		nodes.get(0).warmUp(0.1);
		IntStream.range(0, 5).forEach((i) -> nodes.get(1).started());
		Picker picker = new WarmUp(picker(name, nodes), nodes, random);
		assertThat(counts(picker, 2, 100_000)[0] / 100_000.0).isBetween(0.08, 0.12);
	}

	@Test
	void anAverageRisesAtOnceAndFallsSlowly() {
		Node node = new Node("a", clock::get);
		call(node, 100);
		call(node, 2_000_000_000);
		assertThat(node.responseTime()).isEqualTo(2e9);
		call(node, 100);
		assertThat(node.responseTime()).isGreaterThan(1.9e9);
		clock.addAndGet(10_000_000_000L);
		assertThat(node.responseTime()).isBetween(2e9 * 0.35, 2e9 * 0.39);
	}

	private void call(Node node, long nanos) {
		long started = node.started();
		clock.addAndGet(nanos);
		node.responded(started);
		node.succeeded();
	}

	private Picker picker(PolicyName name, List<Node> nodes) {
		return name.create(PolicyOptions.DEFAULTS, random).picker(nodes);
	}

	private List<Node> nodes(int size) {
		return IntStream.range(0, size).mapToObj((i) -> new Node("user-service-" + i, clock::get)).toList();
	}

	private static long[] counts(Picker picker, int size, int picks) {
		long[] counts = new long[size];
		for (int i = 0; i < picks; i++) {
			counts[picker.pick(Hash.of("user-" + i))]++;
		}
		return counts;
	}

}
