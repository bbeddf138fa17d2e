package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.TargetSettings.Canary;
import com.example.platform.loadbalancing.TargetSettings.Ejection;
import com.example.platform.loadbalancing.TargetSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetTests {

	private static final Ejection EJECTION = new Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
			Duration.ofMinutes(1), 0.5);

	private static final Zone ANYWHERE = new Zone(null, 1, 0.5);

	private static final Canary NO_CANARY = new Canary(null, "true", 0);

	private static final TargetSettings SETTINGS = settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY,
			0);

	private final AtomicLong clock = new AtomicLong(1);

	@Test
	void failuresInARowTakeAnInstanceOutAndTimeBringsItBack() {
		Target target = target(SETTINGS, endpoints(2));
		fail(target, 0, 5);
		assertThat(chosen(target, 2)).containsExactly("1");
		advance(target, Duration.ofSeconds(6));
		assertThat(chosen(target, 2)).containsExactlyInAnyOrder("0", "1");
	}

	@Test
	void aSuccessBetweenFailuresKeepsAnInstanceIn() {
		Target target = target(SETTINGS, endpoints(2));
		fail(target, 0, 4);
		node(target, 0).started();
		node(target, 0).succeeded();
		fail(target, 0, 4);
		assertThat(chosen(target, 2)).hasSize(2);
	}

	@Test
	void theTimeOutGrowsWithEachEjectionInARow() {
		Target target = target(SETTINGS, endpoints(2));
		fail(target, 0, 5);
		advance(target, Duration.ofSeconds(5));
		fail(target, 0, 5);
		advance(target, Duration.ofSeconds(6));
		assertThat(chosen(target, 2)).containsExactly("1");
		advance(target, Duration.ofSeconds(5));
		assertThat(chosen(target, 2)).hasSize(2);
	}

	@Test
	void theLastInstanceIsNeverTakenOut() {
		Target target = target(SETTINGS, endpoints(2));
		fail(target, 0, 5);
		fail(target, 1, 50);
		assertThat(chosen(target, 2)).containsExactly("1");
		Target single = target(SETTINGS, endpoints(1));
		fail(single, 0, 50);
		assertThat(chosen(single, 1)).containsExactly("0");
	}

	@Test
	void noMoreThanTheShareIsTakenOutOfALargeFleet() {
		Target target = target(SETTINGS, endpoints(200));
		IntStream.range(0, 200).forEach((i) -> fail(target, i, 5));
		assertThat(chosen(target, 200)).hasSize(100);
	}

	@Test
	void aSuccessRateBelowTheOthersTakesAnInstanceOut() {
		for (int size : new int[] { 2, 200 }) {
			Target target = target(SETTINGS, endpoints(size));
			for (int call = 0; call < 100; call++) {
				for (int i = 0; i < size; i++) {
					Node node = node(target, i);
					node.started();
					if (i == 0 && call % 3 == 0) {
						target.failed(node);
					}
					else {
						node.succeeded();
					}
				}
			}
			advance(target, Duration.ofSeconds(6));
			assertThat(chosen(target, size)).hasSize(size - 1).doesNotContain("0");
			assertThat(target.view().get(0).out()).contains("34 of 100 calls failed");
		}
	}

	@Test
	void instancesThatAllFailAlikeStayIn() {
		Target target = target(SETTINGS, endpoints(3));
		for (int call = 0; call < 100; call++) {
			for (int i = 0; i < 3; i++) {
				Node node = node(target, i);
				node.started();
				if (call % 2 == 0) {
					target.failed(node);
				}
				else {
					node.succeeded();
				}
			}
		}
		advance(target, Duration.ofSeconds(6));
		assertThat(chosen(target, 3)).hasSize(3);
	}

	@Test
	void anInstanceThatIsStartedAnewElsewhereIsAnotherOne() {
		Target target = target(SETTINGS, endpoints(2));
		fail(target, 0, 5);
		List<ServiceEndpoint> moved = List.of(endpoint("0", 9999, Map.of()), endpoints(2).get(1));
		target.update(moved);
		assertThat(chosen(target, moved, Hash.NO_KEY, CanaryWish.NONE)).hasSize(2);
	}

	@Test
	void listenersHearOfEjectionsListsAndSettings() {
		Target target = target(SETTINGS, endpoints(2));
		AtomicInteger heard = new AtomicInteger();
		Runnable unsubscribe = target.subscribe(heard::incrementAndGet);
		fail(target, 0, 5);
		target.update(endpoints(3));
		target.configure(settings(PolicyName.RANDOM, Duration.ZERO, ANYWHERE, NO_CANARY, 0));
		assertThat(heard).hasValue(3);
		target.configure(settings(PolicyName.RANDOM, Duration.ZERO, ANYWHERE, NO_CANARY, 0));
		unsubscribe.run();
		target.update(endpoints(2));
		assertThat(heard).hasValue(3);
	}

	@Test
	void aChangedWeightIsObeyedAndWhatWasExperiencedStays() {
		Target target = target(settings(PolicyName.WEIGHTED_ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 0),
				endpoints(2));
		Node node = node(target, 0);
		List<ServiceEndpoint> heavier = List
			.of(new ServiceEndpoint("0", "user-service", "127.0.0.1", 8000, Map.of(), 3), endpoints(2).get(1));
		target.update(heavier);
		assertThat(target.node(heavier.get(0))).isSameAs(node);
		Balancer balancer = target.balancer(target.byNode(heavier));
		long picksOfFirst = IntStream.range(0, 400)
			.filter((i) -> balancer.pick(Hash.NO_KEY, CanaryWish.NONE) == 0)
			.count();
		assertThat(picksOfFirst).isEqualTo(300);
	}

	@Test
	void anInstanceThatHasJustComeUpWarmsUp() {
		Target target = target(settings(PolicyName.LEAST_REQUEST, Duration.ofSeconds(10), ANYWHERE, NO_CANARY, 0),
				endpoints(2));
		target.update(endpoints(3));
		assertThat(node(target, 0).warmUp()).isEqualTo(1);
		assertThat(node(target, 2).warmUp()).isEqualTo(0.1);
		advance(target, Duration.ofSeconds(5));
		assertThat(node(target, 2).warmUp()).isEqualTo(0.5);
		advance(target, Duration.ofSeconds(5));
		assertThat(node(target, 2).warmUp()).isEqualTo(1);
	}

	@Test
	void theSharesOfPicksFollowTheWarmUpUnlessKeysDecide() {
		for (PolicyName policy : PolicyName.values()) {
			Target target = target(settings(policy, Duration.ofSeconds(10), ANYWHERE, NO_CANARY, 0), endpoints(2));
			target.update(endpoints(3));
			Balancer balancer = target.balancer(target.byNode(endpoints(3)));
			long ofNew = IntStream.range(0, 30_000)
				.filter((i) -> balancer.pick(Hash.of("user-" + i), CanaryWish.NONE) == 2)
				.count();
			if (policy.goesByKey()) {
				assertThat(ofNew).as(policy.name()).isBetween(9_500L, 10_500L);
			}
			else {
				assertThat(ofNew).as(policy.name()).isBetween(800L, 1_200L);
			}
		}
	}

	@Test
	void otherSettingsDoNotMakeAStickyPolicyForget() {
		Target target = target(settings(PolicyName.STICKY, Duration.ZERO, ANYWHERE, NO_CANARY, 0), endpoints(3));
		Balancer before = target.balancer(target.byNode(endpoints(3)));
		IntStream.range(0, 100).forEach((i) -> before.pick(Hash.of("user-" + i), CanaryWish.NONE));
		target.update(endpoints(30));
		target.configure(settings(PolicyName.STICKY, Duration.ofSeconds(1), ANYWHERE, NO_CANARY, 0));
		Balancer after = target.balancer(target.byNode(endpoints(30)));
		assertThat(IntStream.range(0, 100).filter((i) -> after.pick(Hash.of("user-" + i), CanaryWish.NONE) < 3).count())
			.isGreaterThan(95);
	}

	@Test
	void theLastStableInstanceIsNotTakenOutBecauseThereIsACanary() {
		Canary canary = new Canary("version", "2.0", 0);
		List<ServiceEndpoint> endpoints = List.of(endpoint("0", 8000, Map.of()),
				endpoint("new", 8001, Map.of("version", "2.0")));
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, canary, 0), endpoints);
		fail(target, 0, 5);
		assertThat(chosen(target, endpoints, Hash.NO_KEY, CanaryWish.NONE)).containsOnly("0");
	}

	@Test
	void onlyWhatThisProcessUsesCountsForHowManyMayBeOut() {
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 4), endpoints(100));
		List<ServiceEndpoint> subset = target.subset(endpoints(100));
		subset.forEach((endpoint) -> fail(target, Integer.parseInt(endpoint.instanceId()), 5));
		assertThat(chosen(target, subset, Hash.NO_KEY, CanaryWish.NONE)).hasSize(2);
	}

	@Test
	void aSubsetHasCanariesAndTheNearest() {
		List<ServiceEndpoint> endpoints = IntStream.range(0, 300)
			.mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i,
					Map.of("zone", "abc".substring(i % 3, i % 3 + 1), "version", (i < 6) ? "2.0" : "1.0")))
			.toList();
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, new Zone("a", 1, 0.5),
				new Canary("version", "2.0", 0), 10), endpoints);
		List<ServiceEndpoint> subset = target.subset(endpoints);
		assertThat(subset).allMatch((endpoint) -> "a".equals(endpoint.metadata().get("zone"))).hasSize(12);
		assertThat(subset).filteredOn((endpoint) -> "2.0".equals(endpoint.metadata().get("version"))).hasSize(2);
	}

	@Test
	void ejectionsLongAgoDoNotCountForAnInstanceWithFewCalls() {
		Target target = target(SETTINGS, endpoints(2));
		for (int i = 0; i < 10; i++) {
			fail(target, 0, 5);
			advance(target, Duration.ofSeconds(60));
			IntStream.range(0, 3).forEach((interval) -> {
				node(target, 0).started();
				node(target, 0).succeeded();
				advance(target, Duration.ofSeconds(5));
			});
		}
		fail(target, 0, 5);
		advance(target, Duration.ofSeconds(6));
		assertThat(chosen(target, 2)).hasSize(2);
	}

	@Test
	void theOwnZoneIsPreferredUntilItIsTooSmall() {
		Zone zone = new Zone("a", 2, 0.5);
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, zone, NO_CANARY, 0), List.of());
		ServiceEndpoint a1 = endpoint("a1", 8001, Map.of("zone", "a"));
		ServiceEndpoint a2 = endpoint("a2", 8002, Map.of("zone", "a"));
		ServiceEndpoint b1 = endpoint("b1", 8003, Map.of("zone", "b"));
		ServiceEndpoint b2 = endpoint("b2", 8004, Map.of("zone", "b"));
		assertThat(chosen(target, List.of(a1, a2, b1, b2), Hash.NO_KEY, CanaryWish.NONE)).containsOnly("a1", "a2");
		assertThat(chosen(target, List.of(a1, b1, b2), Hash.NO_KEY, CanaryWish.NONE)).containsOnly("a1", "b1", "b2");
	}

	@Test
	void anUnhealthyZoneSpillsOver() {
		Zone zone = new Zone("a", 2, 0.5);
		List<ServiceEndpoint> endpoints = List.of(endpoint("a1", 8001, Map.of("zone", "a")),
				endpoint("a2", 8002, Map.of("zone", "a")), endpoint("b1", 8003, Map.of("zone", "b")));
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, zone, NO_CANARY, 0), endpoints);
		Node failing = target.node(endpoints.get(0));
		for (int i = 0; i < 5; i++) {
			failing.started();
			target.failed(failing);
		}
		assertThat(chosen(target, endpoints, Hash.NO_KEY, CanaryWish.NONE)).containsOnly("a2", "b1");
	}

	@Test
	void canariesGetTheCallsThatAskAndAStableShareOfTheOthers() {
		Canary canary = new Canary("version", "2.0", 20);
		List<ServiceEndpoint> endpoints = List.of(endpoint("old", 8001, Map.of("version", "1.0")),
				endpoint("new", 8002, Map.of("version", "2.0")));
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, canary, 0), endpoints);
		assertThat(chosen(target, endpoints, Hash.NO_KEY, CanaryWish.YES)).containsOnly("new");
		assertThat(chosen(target, endpoints, Hash.NO_KEY, CanaryWish.NO)).containsOnly("old");
		Balancer balancer = target.balancer(target.byNode(endpoints));
		long canaries = IntStream.range(0, 10_000)
			.filter((i) -> balancer.pick(Hash.of("user-" + i), CanaryWish.NONE) == 1)
			.count();
		assertThat(canaries).isBetween(1800L, 2200L);
		for (int i = 0; i < 100; i++) {
			assertThat(chosen(target, endpoints, Hash.of("user-" + i), CanaryWish.NONE)).hasSize(1);
		}
	}

	@Test
	void withoutAnyCanaryAllCallsGoToTheOthers() {
		Canary canary = new Canary("version", "2.0", 100);
		List<ServiceEndpoint> endpoints = List.of(endpoint("old", 8001, Map.of("version", "1.0")));
		Target target = target(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, canary, 0), endpoints);
		assertThat(chosen(target, endpoints, Hash.NO_KEY, CanaryWish.YES)).containsOnly("old");
	}

	@Test
	void aSubsetIsTheSameForTheSameProcessAndSpreadsOverProcesses() {
		TargetSettings settings = settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 10);
		List<ServiceEndpoint> endpoints = endpoints(100);
		Set<String> used = new HashSet<>();
		for (int process = 0; process < 100; process++) {
			Target target = new Target("user-service", "gateway-" + process, settings, clock::get,
					new SplittableRandom(1), Runnable::run);
			List<ServiceEndpoint> subset = target.subset(endpoints);
			assertThat(subset).hasSize(10).isEqualTo(target.subset(endpoints));
			subset.forEach((endpoint) -> used.add(endpoint.instanceId()));
		}
		assertThat(used).hasSize(100);
	}

	@Test
	void aTargetWithoutInstancesChoosesNone() {
		Target target = target(SETTINGS, List.of());
		assertThat(target.balancer(target.byNode(List.of())).pick(Hash.NO_KEY, CanaryWish.NONE)).isEqualTo(-1);
	}

	@Test
	void aRepeatedCallGoesWhereItWasNotSentBeforeUnderEveryPolicy() {
		for (PolicyName policy : PolicyName.values()) {
			Target target = target(settings(policy, Duration.ZERO, ANYWHERE, NO_CANARY, 0), endpoints(3));
			Balancer balancer = target.balancer(target.byNode(endpoints(3)));
			Set<Node> tried = Set.of(node(target, 0), node(target, 2));
			for (long key : new long[] { Hash.NO_KEY, 1, 2, 3, 4 }) {
				int chosen = balancer.pick(key, CanaryWish.NONE, tried);
				assertThat(balancer.members().get(chosen).node()).as("%s, key %d", policy, key)
					.isSameAs(node(target, 1));
			}
		}
	}

	@Test
	void aRepeatedCallGoesToTheSameInstanceWhenThereIsNoOther() {
		Target target = target(SETTINGS, endpoints(1));
		assertThat(target.balancer(target.byNode(endpoints(1)))
			.pick(Hash.NO_KEY, CanaryWish.NONE, Set.of(node(target, 0)))).isZero();
		assertThat(
				target.balancer(target.byNode(List.of())).pick(Hash.NO_KEY, CanaryWish.NONE, Set.of(node(target, 0))))
			.isEqualTo(-1);
	}

	@Test
	void aRepeatedCallStaysWithTheCanariesWhileOneOfThemIsLeft() {
		Target target = target(
				settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, new Canary("canary", "true", 0), 0),
				List.of());
		List<ServiceEndpoint> endpoints = List.of(endpoint("stable", 8000, Map.of()),
				endpoint("canary-1", 8001, Map.of("canary", "true")),
				endpoint("canary-2", 8002, Map.of("canary", "true")));
		Balancer balancer = target.balancer(target.byNode(endpoints));
		Node first = target.node(endpoints.get(1));
		Node second = target.node(endpoints.get(2));
		assertThat(balancer.pick(Hash.NO_KEY, CanaryWish.YES, Set.of(first))).isEqualTo(2);
		assertThat(balancer.pick(Hash.NO_KEY, CanaryWish.YES, Set.of(first, second))).isZero();
	}

	private static TargetSettings settings(PolicyName policy, Duration slowStart, Zone zone, Canary canary,
			int subsetSize) {
		return new TargetSettings(policy, PolicyOptions.DEFAULTS, null, slowStart, zone, canary, subsetSize, EJECTION);
	}

	private Target target(TargetSettings settings, List<ServiceEndpoint> endpoints) {
		Target target = new Target("user-service", "gateway-1", settings, clock::get, new SplittableRandom(1),
				Runnable::run);
		target.update(endpoints);
		return target;
	}

	private static List<ServiceEndpoint> endpoints(int size) {
		return IntStream.range(0, size).mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i, Map.of())).toList();
	}

	private static ServiceEndpoint endpoint(String id, int port, Map<String, String> metadata) {
		return new ServiceEndpoint(id, "user-service", "127.0.0.1", port, metadata, 1);
	}

	private static Node node(Target target, int index) {
		return target.node(endpoint(Integer.toString(index), 8000 + index, Map.of()));
	}

	private static void fail(Target target, int index, int times) {
		Node node = node(target, index);
		for (int i = 0; i < times; i++) {
			node.started();
			target.failed(node);
		}
	}

	private void advance(Target target, Duration time) {
		clock.addAndGet(time.toNanos());
		target.tick();
	}

	private static Set<String> chosen(Target target, int size) {
		return chosen(target, endpoints(size), Hash.NO_KEY, CanaryWish.NONE);
	}

	private static Set<String> chosen(Target target, List<ServiceEndpoint> endpoints, long key, CanaryWish wish) {
		Balancer balancer = target.balancer(target.byNode(endpoints));
		List<Member> members = balancer.members();
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < 4 * endpoints.size(); i++) {
			ids.add(members.get(balancer.pick(key, wish)).node().id());
		}
		return ids;
	}

}
