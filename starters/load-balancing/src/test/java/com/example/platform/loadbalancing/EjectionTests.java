package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.BalancingSettings.Canary;
import com.example.platform.loadbalancing.BalancingSettings.Ejection;
import com.example.platform.loadbalancing.BalancingSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EjectionTests extends CalledServiceFixture {

	@Test
	void failuresInARowTakeAnInstanceOutAndTimeBringsItBack() {
		CalledService service = service(SETTINGS, endpoints(2));
		fail(service, 0, 5);
		assertThat(chosen(service, 2)).containsExactly("1");
		advance(service, Duration.ofSeconds(6));
		assertThat(chosen(service, 2)).containsExactlyInAnyOrder("0", "1");
	}

	@Test
	void aSuccessBetweenFailuresKeepsAnInstanceIn() {
		CalledService service = service(SETTINGS, endpoints(2));
		fail(service, 0, 4);
		node(service, 0).started();
		node(service, 0).succeeded();
		fail(service, 0, 4);
		assertThat(chosen(service, 2)).hasSize(2);
	}

	@Test
	void theTimeOutGrowsWithEachEjectionInARow() {
		CalledService service = service(SETTINGS, endpoints(2));
		fail(service, 0, 5);
		advance(service, Duration.ofSeconds(5));
		fail(service, 0, 5);
		advance(service, Duration.ofSeconds(6));
		assertThat(chosen(service, 2)).containsExactly("1");
		advance(service, Duration.ofSeconds(5));
		assertThat(chosen(service, 2)).hasSize(2);
	}

	@Test
	void theLastInstanceIsNeverTakenOut() {
		CalledService service = service(SETTINGS, endpoints(2));
		fail(service, 0, 5);
		fail(service, 1, 50);
		assertThat(chosen(service, 2)).containsExactly("1");
		CalledService single = service(SETTINGS, endpoints(1));
		fail(single, 0, 50);
		assertThat(chosen(single, 1)).containsExactly("0");
	}

	@Test
	void noMoreThanTheShareIsTakenOutOfALargeFleet() {
		CalledService service = service(SETTINGS, endpoints(200));
		IntStream.range(0, 200).forEach((i) -> fail(service, i, 5));
		assertThat(chosen(service, 200)).hasSize(100);
	}

	@Test
	void aSuccessRateBelowTheOthersTakesAnInstanceOut() {
		for (int size : new int[] { 2, 200 }) {
			CalledService service = service(SETTINGS, endpoints(size));
			for (int call = 0; call < 100; call++) {
				for (int i = 0; i < size; i++) {
					Node node = node(service, i);
					node.started();
					if (i == 0 && call % 3 == 0) {
						service.failed(node);
					}
					else {
						node.succeeded();
					}
				}
			}
			advance(service, Duration.ofSeconds(6));
			assertThat(chosen(service, size)).hasSize(size - 1).doesNotContain("0");
			assertThat(service.view().get(0).out()).contains("34 of 100 calls failed");
		}
	}

	@Test
	void callsThatWereCancelledSayNothingOfTheSuccessRate() {
		CalledService service = service(SETTINGS, endpoints(2));
		for (int i = 0; i < 60; i++) {
			outcome(service, 0, i % 3 == 0);
			outcome(service, 1, false);
			for (int cancelled = 0; cancelled < 20; cancelled++) {
				node(service, 0).started();
				node(service, 0).cancelled();
			}
		}
		advance(service, Duration.ofSeconds(6));
		assertThat(service.view().get(0).out()).contains("20 of 60 calls failed");
		CalledService fewOutcomes = service(SETTINGS, endpoints(2));
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
		CalledService service = service(ejecting(
				new Ejection(false, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5), Duration.ofMinutes(1), 0.5)),
				endpoints(2));
		for (int i = 0; i < 100; i++) {
			outcome(service, 0, i % 3 == 0);
			outcome(service, 1, false);
		}
		advance(service, Duration.ofHours(1));
		service.configure(SETTINGS);
		for (int i = 0; i < 10; i++) {
			advance(service, Duration.ofSeconds(1));
			outcome(service, 0, false);
			outcome(service, 1, false);
		}
		assertThat(chosen(service, 2)).hasSize(2);
	}

	@Test
	void aShorterIntervalBeginsWhenItIsSet() {
		CalledService service = service(ejecting(
				new Ejection(true, 5, Duration.ofHours(2), 20, Duration.ofSeconds(5), Duration.ofMinutes(1), 0.5)),
				endpoints(2));
		for (int i = 0; i < 100; i++) {
			outcome(service, 0, i % 3 == 0);
			outcome(service, 1, false);
		}
		advance(service, Duration.ofHours(1));
		service.configure(SETTINGS);
		advance(service, Duration.ofSeconds(6));
		assertThat(chosen(service, 2)).hasSize(2);
	}

	@Test
	void anInstanceThatComesBackGetsItsCallsAgainUnderEveryPolicy() {
		for (PolicyName policy : PolicyName.values()) {
			for (Canary canary : new Canary[] { NO_CANARY, new Canary("version", "2.0", 100) }) {
				List<ServiceEndpoint> endpoints = IntStream.range(0, 2)
					.mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i, Map.of("version", "2.0")))
					.toList();
				CalledService service = service(settings(policy, Duration.ZERO, ANYWHERE, canary, 0), endpoints);
				fail(service, 0, 5);
				assertThat(chosen(service, endpoints, Hash.NO_KEY, CanaryWish.NONE)).as("%s", policy).hasSize(1);
				IntStream.range(0, 120).forEach((i) -> advance(service, Duration.ofMillis(500)));
				Balancer<ServiceEndpoint> balancer = balancer(service, endpoints);
				long calls = IntStream.range(0, 20).filter((i) -> {
					Node node = Objects.requireNonNull(balancer.pick(Hash.NO_KEY, CanaryWish.NONE)).node();
					long startedAt = node.started();
					clock.addAndGet(1_000_000);
					node.responded(startedAt);
					node.succeeded();
					return node == node(service, 0);
				}).count();
				assertThat(calls).as("%s", policy).isBetween(4L, 16L);
			}
		}
	}

	@Test
	void instancesThatAllFailAlikeStayIn() {
		CalledService service = service(SETTINGS, endpoints(3));
		for (int call = 0; call < 100; call++) {
			for (int i = 0; i < 3; i++) {
				Node node = node(service, i);
				node.started();
				if (call % 2 == 0) {
					service.failed(node);
				}
				else {
					node.succeeded();
				}
			}
		}
		advance(service, Duration.ofSeconds(6));
		assertThat(chosen(service, 3)).hasSize(3);
	}

	@Test
	void anInstanceThatIsStartedAnewElsewhereIsAnotherOne() {
		CalledService service = service(SETTINGS, endpoints(2));
		fail(service, 0, 5);
		List<ServiceEndpoint> moved = List.of(endpoint("0", 9999, Map.of()), endpoints(2).get(1));
		service.update(moved);
		assertThat(chosen(service, moved, Hash.NO_KEY, CanaryWish.NONE)).hasSize(2);
	}

	@Test
	void theLastStableInstanceIsNotTakenOutBecauseThereIsACanary() {
		Canary canary = new Canary("version", "2.0", 0);
		List<ServiceEndpoint> endpoints = List.of(endpoint("0", 8000, Map.of()),
				endpoint("new", 8001, Map.of("version", "2.0")));
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, canary, 0),
				endpoints);
		fail(service, 0, 5);
		assertThat(chosen(service, endpoints, Hash.NO_KEY, CanaryWish.NONE)).containsOnly("0");
	}

	@Test
	void onlyWhatThisProcessUsesCountsForHowManyMayBeOut() {
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 4),
				endpoints(100));
		List<ServiceEndpoint> subset = service.subset(endpoints(100));
		subset.forEach((endpoint) -> fail(service, Integer.parseInt(endpoint.instanceId()), 5));
		assertThat(chosen(service, subset, Hash.NO_KEY, CanaryWish.NONE)).hasSize(2);
	}

	@Test
	void ejectionsLongAgoDoNotCountForAnInstanceWithFewCalls() {
		CalledService service = service(SETTINGS, endpoints(2));
		for (int i = 0; i < 10; i++) {
			fail(service, 0, 5);
			advance(service, Duration.ofSeconds(60));
			IntStream.range(0, 3).forEach((interval) -> {
				node(service, 0).started();
				node(service, 0).succeeded();
				advance(service, Duration.ofSeconds(5));
			});
		}
		fail(service, 0, 5);
		advance(service, Duration.ofSeconds(6));
		assertThat(chosen(service, 2)).hasSize(2);
	}

	@Test
	void anUnhealthyZoneSpillsOver() {
		Zone zone = new Zone("a", 2, 0.5);
		List<ServiceEndpoint> endpoints = List.of(endpoint("a1", 8001, Map.of("zone", "a")),
				endpoint("a2", 8002, Map.of("zone", "a")), endpoint("b1", 8003, Map.of("zone", "b")));
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, zone, NO_CANARY, 0), endpoints);
		Node failing = service.node(endpoints.get(0));
		for (int i = 0; i < 5; i++) {
			failing.started();
			service.failed(failing);
		}
		assertThat(chosen(service, endpoints, Hash.NO_KEY, CanaryWish.NONE)).containsOnly("a2", "b1");
	}

}
