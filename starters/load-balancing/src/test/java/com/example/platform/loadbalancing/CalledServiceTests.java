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
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.BalancingSettings.Canary;
import com.example.platform.loadbalancing.BalancingSettings.Zone;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.PolicyName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CalledServiceTests extends CalledServiceFixture {

	@Test
	void anInstanceIsReachableOnceAllWhoKeepConnectionsHaveOne() {
		CalledService service = service(SETTINGS, endpoints(1));
		Node node = node(service, 0);
		node.unreachable("one channel", "no connection: refused");
		node.unreachable("another channel", "no connection: refused");
		node.unreachable("another channel", null);
		assertThat(service.out(node)).isEqualTo("no connection: refused");
		node.unreachable("one channel", null);
		assertThat(service.out(node)).isNull();
	}

	@Test
	void anInstanceThatIsListedTwiceGetsItsShareOnce() {
		List<ServiceEndpoint> twice = List.of(endpoints(2).get(0), endpoints(2).get(1), endpoints(2).get(0));
		CalledService service = service(SETTINGS, twice);
		Balancer<ServiceEndpoint> balancer = balancer(service, twice);
		assertThat(IntStream.range(0, 400).filter((i) -> pick(balancer, Hash.NO_KEY, CanaryWish.NONE).equals("0")))
			.hasSize(200);
		assertThat(service.nodes()).hasSize(2);
	}

	@Test
	void aListenerThatFailsDoesNotSilenceTheOthers() {
		CalledService service = service(SETTINGS, endpoints(2));
		AtomicInteger heard = new AtomicInteger();
		service.subscribe(() -> {
			throw new IllegalStateException("expected by a test");
		});
		service.subscribe(() -> {
			throw new LinkageError("expected by a test");
		});
		service.subscribe(heard::incrementAndGet);
		service.update(endpoints(3));
		fail(service, 0, 5);
		assertThat(heard).hasValue(2);
	}

	@Test
	void listenersHearOfEjectionsListsAndSettings() {
		CalledService service = service(SETTINGS, endpoints(2));
		AtomicInteger heard = new AtomicInteger();
		Runnable unsubscribe = service.subscribe(heard::incrementAndGet);
		fail(service, 0, 5);
		service.update(endpoints(3));
		service.configure(settings(PolicyName.RANDOM, Duration.ZERO, ANYWHERE, NO_CANARY, 0));
		assertThat(heard).hasValue(3);
		service.configure(settings(PolicyName.RANDOM, Duration.ZERO, ANYWHERE, NO_CANARY, 0));
		unsubscribe.run();
		service.update(endpoints(2));
		assertThat(heard).hasValue(3);
	}

	@Test
	void aChangedWeightIsObeyedAndWhatWasExperiencedStays() {
		CalledService service = service(
				settings(PolicyName.WEIGHTED_ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 0), endpoints(2));
		Node node = node(service, 0);
		List<ServiceEndpoint> heavier = List
			.of(new ServiceEndpoint("0", "user-service", "127.0.0.1", 8000, Map.of(), 3), endpoints(2).get(1));
		service.update(heavier);
		assertThat(service.node(heavier.get(0))).isSameAs(node);
		Balancer<ServiceEndpoint> balancer = balancer(service, heavier);
		long picksOfFirst = IntStream.range(0, 400)
			.filter((i) -> pick(balancer, Hash.NO_KEY, CanaryWish.NONE).equals("0"))
			.count();
		assertThat(picksOfFirst).isEqualTo(300);
	}

	@Test
	void anInstanceThatHasJustComeUpWarmsUp() {
		CalledService service = service(
				settings(PolicyName.LEAST_REQUEST, Duration.ofSeconds(10), ANYWHERE, NO_CANARY, 0), endpoints(2));
		service.update(endpoints(3));
		assertThat(node(service, 0).warmUp()).isEqualTo(1);
		assertThat(node(service, 2).warmUp()).isEqualTo(0.1);
		advance(service, Duration.ofSeconds(5));
		assertThat(node(service, 2).warmUp()).isEqualTo(0.5);
		advance(service, Duration.ofSeconds(5));
		assertThat(node(service, 2).warmUp()).isEqualTo(1);
	}

	@Test
	void theSharesOfPicksFollowTheWarmUpUnlessKeysDecide() {
		for (PolicyName policy : PolicyName.values()) {
			CalledService service = service(settings(policy, Duration.ofSeconds(10), ANYWHERE, NO_CANARY, 0),
					endpoints(2));
			service.update(endpoints(3));
			Balancer<ServiceEndpoint> balancer = balancer(service, endpoints(3));
			long ofNew = IntStream.range(0, 30_000)
				.filter((i) -> pick(balancer, Hash.of("user-" + i), CanaryWish.NONE).equals("2"))
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
		CalledService service = service(settings(PolicyName.STICKY, Duration.ZERO, ANYWHERE, NO_CANARY, 0),
				endpoints(3));
		Balancer<ServiceEndpoint> before = balancer(service, endpoints(3));
		IntStream.range(0, 100).forEach((i) -> before.pick(Hash.of("user-" + i), CanaryWish.NONE));
		service.update(endpoints(30));
		service.configure(settings(PolicyName.STICKY, Duration.ofSeconds(1), ANYWHERE, NO_CANARY, 0));
		Balancer<ServiceEndpoint> after = balancer(service, endpoints(30));
		assertThat(IntStream.range(0, 100)
			.filter((i) -> Integer.parseInt(pick(after, Hash.of("user-" + i), CanaryWish.NONE)) < 3)
			.count()).isGreaterThan(95);
	}

	@Test
	void aSubsetHasCanariesAndTheNearest() {
		List<ServiceEndpoint> endpoints = IntStream.range(0, 300)
			.mapToObj((i) -> endpoint(Integer.toString(i), 8000 + i,
					Map.of("zone", "abc".substring(i % 3, i % 3 + 1), "version", (i < 6) ? "2.0" : "1.0")))
			.toList();
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, new Zone("a", 1, 0.5),
				new Canary("version", "2.0", 0), 10), endpoints);
		List<ServiceEndpoint> subset = service.subset(endpoints);
		assertThat(subset).allMatch((endpoint) -> "a".equals(endpoint.metadata().get("zone"))).hasSize(12);
		assertThat(subset).filteredOn((endpoint) -> "2.0".equals(endpoint.metadata().get("version"))).hasSize(2);
	}

	@Test
	void theOwnZoneIsPreferredUntilItIsTooSmall() {
		Zone zone = new Zone("a", 2, 0.5);
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, zone, NO_CANARY, 0), List.of());
		ServiceEndpoint a1 = endpoint("a1", 8001, Map.of("zone", "a"));
		ServiceEndpoint a2 = endpoint("a2", 8002, Map.of("zone", "a"));
		ServiceEndpoint b1 = endpoint("b1", 8003, Map.of("zone", "b"));
		ServiceEndpoint b2 = endpoint("b2", 8004, Map.of("zone", "b"));
		assertThat(chosen(service, List.of(a1, a2, b1, b2), Hash.NO_KEY, CanaryWish.NONE)).containsOnly("a1", "a2");
		assertThat(chosen(service, List.of(a1, b1, b2), Hash.NO_KEY, CanaryWish.NONE)).containsOnly("a1", "b1", "b2");
	}

	@Test
	void canariesGetTheCallsThatAskAndAStableShareOfTheOthers() {
		Canary canary = new Canary("version", "2.0", 20);
		List<ServiceEndpoint> endpoints = List.of(endpoint("old", 8001, Map.of("version", "1.0")),
				endpoint("new", 8002, Map.of("version", "2.0")));
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, canary, 0),
				endpoints);
		assertThat(chosen(service, endpoints, Hash.NO_KEY, CanaryWish.YES)).containsOnly("new");
		assertThat(chosen(service, endpoints, Hash.NO_KEY, CanaryWish.NO)).containsOnly("old");
		Balancer<ServiceEndpoint> balancer = balancer(service, endpoints);
		long canaries = IntStream.range(0, 10_000)
			.filter((i) -> pick(balancer, Hash.of("user-" + i), CanaryWish.NONE).equals("new"))
			.count();
		assertThat(canaries).isBetween(1800L, 2200L);
		for (int i = 0; i < 100; i++) {
			assertThat(chosen(service, endpoints, Hash.of("user-" + i), CanaryWish.NONE)).hasSize(1);
		}
	}

	@Test
	void withoutAnyCanaryAllCallsGoToTheOthers() {
		Canary canary = new Canary("version", "2.0", 100);
		List<ServiceEndpoint> endpoints = List.of(endpoint("old", 8001, Map.of("version", "1.0")));
		CalledService service = service(settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, canary, 0),
				endpoints);
		assertThat(chosen(service, endpoints, Hash.NO_KEY, CanaryWish.YES)).containsOnly("old");
	}

	@Test
	void aSubsetIsTheSameForTheSameProcessAndSpreadsOverProcesses() {
		BalancingSettings settings = settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, NO_CANARY, 10);
		List<ServiceEndpoint> endpoints = endpoints(100);
		Set<String> used = new HashSet<>();
		for (int process = 0; process < 100; process++) {
			CalledService service = new CalledService("user-service", "gateway-" + process, settings, clock::get,
					new SplittableRandom(1), Runnable::run);
			List<ServiceEndpoint> subset = service.subset(endpoints);
			assertThat(subset).hasSize(10).isEqualTo(service.subset(endpoints));
			subset.forEach((endpoint) -> used.add(endpoint.instanceId()));
		}
		assertThat(used).hasSize(100);
	}

	@Test
	void aServiceWithoutInstancesChoosesNone() {
		CalledService service = service(SETTINGS, List.of());
		assertThat(balancer(service, List.of()).pick(Hash.NO_KEY, CanaryWish.NONE)).isNull();
	}

	@Test
	void aRepeatedCallGoesWhereItWasNotSentBeforeUnderEveryPolicy() {
		for (PolicyName policy : PolicyName.values()) {
			CalledService service = service(settings(policy, Duration.ZERO, ANYWHERE, NO_CANARY, 0), endpoints(3));
			Balancer<ServiceEndpoint> balancer = balancer(service, endpoints(3));
			Set<Node> tried = Set.of(node(service, 0), node(service, 2));
			for (long key : new long[] { Hash.NO_KEY, 1, 2, 3, 4 }) {
				assertThat(balancer.pick(key, CanaryWish.NONE, tried)).as("%s, key %d", policy, key)
					.extracting(Member::node)
					.isSameAs(node(service, 1));
			}
		}
	}

	@Test
	void aRepeatedCallGoesToTheSameInstanceWhenThereIsNoOther() {
		CalledService service = service(SETTINGS, endpoints(1));
		Set<Node> tried = Set.of(node(service, 0));
		assertThat(id(balancer(service, endpoints(1)).pick(Hash.NO_KEY, CanaryWish.NONE, tried))).isEqualTo("0");
		assertThat(balancer(service, List.of()).pick(Hash.NO_KEY, CanaryWish.NONE, tried)).isNull();
	}

	@Test
	void aRepeatedCallStaysWithTheCanariesWhileOneOfThemIsLeft() {
		CalledService service = service(
				settings(PolicyName.ROUND_ROBIN, Duration.ZERO, ANYWHERE, new Canary("canary", "true", 0), 0),
				List.of());
		List<ServiceEndpoint> endpoints = List.of(endpoint("stable", 8000, Map.of()),
				endpoint("canary-1", 8001, Map.of("canary", "true")),
				endpoint("canary-2", 8002, Map.of("canary", "true")));
		Balancer<ServiceEndpoint> balancer = balancer(service, endpoints);
		Node first = service.node(endpoints.get(1));
		Node second = service.node(endpoints.get(2));
		assertThat(id(balancer.pick(Hash.NO_KEY, CanaryWish.YES, Set.of(first)))).isEqualTo("canary-2");
		assertThat(id(balancer.pick(Hash.NO_KEY, CanaryWish.YES, Set.of(first, second)))).isEqualTo("stable");
	}

}
