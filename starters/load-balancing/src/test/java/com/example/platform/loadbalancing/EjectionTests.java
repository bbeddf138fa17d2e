package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.TargetSettings.Canary;
import com.example.platform.loadbalancing.TargetSettings.Ejection;
import com.example.platform.loadbalancing.TargetSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EjectionTests extends TargetFixture {

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
	void callsThatWereCancelledSayNothingOfTheSuccessRate() {
		Target target = target(SETTINGS, endpoints(2));
		for (int i = 0; i < 60; i++) {
			outcome(target, 0, i % 3 == 0);
			outcome(target, 1, false);
			for (int cancelled = 0; cancelled < 20; cancelled++) {
				node(target, 0).started();
				node(target, 0).cancelled();
			}
		}
		advance(target, Duration.ofSeconds(6));
		assertThat(target.view().get(0).out()).contains("20 of 60 calls failed");
		Target fewOutcomes = target(SETTINGS, endpoints(2));
		for (int i = 0; i < 19; i++) {
			outcome(fewOutcomes, 0, i % 3 == 0);
			node(fewOutcomes, 0).started();
			node(fewOutcomes, 0).cancelled();
			outcome(fewOutcomes, 1, false);
		}
		outcome(fewOutcomes, 1, false);
		advance(fewOutcomes, Duration.ofSeconds(6));
		assertThat(chosen(fewOutcomes, 2)).hasSize(2);
	}

	@Test
	void callsBeforeEjectionWasSwitchedOnDoNotCount() {
		Target target = target(ejecting(
				new Ejection(false, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5), Duration.ofMinutes(1), 0.5)),
				endpoints(2));
		for (int i = 0; i < 100; i++) {
			outcome(target, 0, i % 3 == 0);
			outcome(target, 1, false);
		}
		advance(target, Duration.ofHours(1));
		target.configure(SETTINGS);
		for (int i = 0; i < 10; i++) {
			advance(target, Duration.ofSeconds(1));
			outcome(target, 0, false);
			outcome(target, 1, false);
		}
		assertThat(chosen(target, 2)).hasSize(2);
	}

	@Test
	void aShorterIntervalBeginsWhenItIsSet() {
		Target target = target(ejecting(
				new Ejection(true, 5, Duration.ofHours(2), 20, Duration.ofSeconds(5), Duration.ofMinutes(1), 0.5)),
				endpoints(2));
		for (int i = 0; i < 100; i++) {
			outcome(target, 0, i % 3 == 0);
			outcome(target, 1, false);
		}
		advance(target, Duration.ofHours(1));
		target.configure(SETTINGS);
		advance(target, Duration.ofSeconds(6));
		assertThat(chosen(target, 2)).hasSize(2);
	}

	@Test
	void anInstanceThatComesBackGetsItsCallsAgainUnderEveryPolicy() {
		for (PolicyName policy : PolicyName.values()) {
			for (Canary canary : new Canary[] { NO_CANARY, new Canary("version", "2.0", 100) }) {
				List<ServiceEndpoint> endpoints = IntStream.range(0, 2)
					.mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i, Map.of("version", "2.0")))
					.toList();
				Target target = target(settings(policy, Duration.ZERO, ANYWHERE, canary, 0), endpoints);
				fail(target, 0, 5);
				assertThat(chosen(target, endpoints, Hash.NO_KEY, CanaryWish.NONE)).as("%s", policy).hasSize(1);
				IntStream.range(0, 120).forEach((i) -> advance(target, Duration.ofMillis(500)));
				Balancer balancer = target.balancer(target.byNode(endpoints));
				long calls = IntStream.range(0, 20).filter((i) -> {
					Node node = balancer.members().get(balancer.pick(Hash.NO_KEY, CanaryWish.NONE)).node();
					long startedAt = node.started();
					clock.addAndGet(1_000_000);
					node.responded(startedAt);
					node.succeeded();
					return node == node(target, 0);
				}).count();
				assertThat(calls).as("%s", policy).isBetween(4L, 16L);
			}
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

}
