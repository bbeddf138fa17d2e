package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.TargetSettings.Canary;
import com.example.platform.loadbalancing.TargetSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetTests extends TargetFixture {

	@Test
	void anInstanceIsReachableOnceAllWhoKeepConnectionsHaveOne() {
		Target target = target(SETTINGS, endpoints(1));
		Node node = node(target, 0);
		node.unreachable("one channel", "no connection: refused");
		node.unreachable("another channel", "no connection: refused");
		node.unreachable("another channel", null);
		assertThat(target.out(node)).isEqualTo("no connection: refused");
		node.unreachable("one channel", null);
		assertThat(target.out(node)).isNull();
	}

	@Test
	void aListenerThatFailsDoesNotSilenceTheOthers() {
		Target target = target(SETTINGS, endpoints(2));
		AtomicInteger heard = new AtomicInteger();
		target.subscribe(() -> {
			throw new IllegalStateException("expected by a test");
		});
		target.subscribe(() -> {
			throw new LinkageError("expected by a test");
		});
		target.subscribe(heard::incrementAndGet);
		target.update(endpoints(3));
		fail(target, 0, 5);
		assertThat(heard).hasValue(2);
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

}
