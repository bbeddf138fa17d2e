package com.example.systemtests;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import com.example.launcher.Instance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves that orders are balanced, and that none is lost when an instance dies, leaves,
 * or is configured anew.
 */
class OrderingSystemTests {

	private static final int ORDERS = 1_000;

	private static final String CHECKS = "grpc_server_seconds_count\\{[^}]*rpc_method=\"CheckEligibility\"[^}]*}";

	private final long userId = Http.createUser();

	/** Each order asks, so that what is asked tells whom it was. */
	@BeforeAll
	static void nothingIsRemembered() {
		RunningSystem.edit("order-service.yml", "eligible-for: 3s", "eligible-for: 0s");
		long userId = Http.createUser();
		await().until(() -> {
			double before = checks("user-service-1") + checks("user-service-2");
			for (int i = 0; i < 6; i++) {
				Http.send(Http.order(userId));
			}
			return checks("user-service-1") + checks("user-service-2") == before + 6;
		});
	}

	@AfterAll
	static void rememberAgain() {
		RunningSystem.edit("order-service.yml", "eligible-for: 0s", "eligible-for: 3s");
	}

	@Test
	void ordersSpreadEvenlyOverTheInstancesOfUserService() {
		double oneBefore = checks("user-service-1");
		double twoBefore = checks("user-service-2");
		for (int i = 0; i < ORDERS; i++) {
			HttpResponse<String> response = Http.send(Http.order(userId));
			assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		}
		double one = checks("user-service-1") - oneBefore;
		double two = checks("user-service-2") - twoBefore;
		System.out.printf("%d orders: %.0f checked by user-service-1, %.0f by user-service-2%n", ORDERS, one, two);
		// What takes long may be asked twice: 2 % by the hedging budget, and five saved
		// up by each of two callers.
		assertThat(one + two).isBetween(1.0 * ORDERS, 1.03 * ORDERS);
		assertThat(one / (one + two)).isBetween(0.48, 0.52);
	}

	@Test
	void noOrderFailsWhenAnInstanceIsKilledAndItTakesItsShareAgain() {
		try (SteadyLoad load = SteadyLoad.of(50, Http.PLACED, () -> Http.order(userId))) {
			awaitAnswers(load, 100);
			RunningSystem.system().kill("user-service-1");
			awaitAnswers(load, 250);
			RunningSystem.system().start("user-service-1");
			long started = System.nanoTime();
			// A cold JVM answers slowly at first, and least-request asks it less as long.
			double share = await().atMost(Duration.ofSeconds(15))
				.until(() -> shareOfOne(load), (found) -> found > 0.4 && found < 0.6);
			Duration until = Duration.ofNanos(System.nanoTime() - started);
			SteadyLoad.Result result = load.finish();
			System.out.printf("user-service-1 killed and started again: %s; it had %.2f of the calls within %d ms%n",
					result, share, until.toMillis());
			assertThat(result.failures()).isEmpty();
		}
	}

	@Test
	void aSavedValueReachesEveryInstanceAndNoRequestFails() {
		List<String> instances = RunningSystem.system()
			.instances()
			.stream()
			.map(Instance::name)
			.filter((name) -> name.startsWith("order-service-"))
			.toList();
		try (SteadyLoad load = SteadyLoad.of(50, Http.PLACED, () -> Http.order(userId))) {
			awaitAnswers(load, 50);
			RunningSystem.edit("order-service.yml", "max-lines: 20", "max-lines: 21");
			long saved = System.nanoTime();
			await().atMost(Duration.ofSeconds(10))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> instances.stream().allMatch((instance) -> shows(instance, 21)));
			Duration visible = Duration.ofNanos(System.nanoTime() - saved);
			assertThat(throughTheGateway(instances.size() * 2)).allMatch((body) -> body.contains("\"maxLines\":21"));
			SteadyLoad.Result result = load.finish();
			System.out.printf("a saved value was in effect on %s after %d ms; meanwhile %s%n", instances,
					visible.toMillis(), result);
			assertThat(result.failures()).isEmpty();
		}
		finally {
			RunningSystem.edit("order-service.yml", "max-lines: 21", "max-lines: 20");
			await().until(() -> instances.stream().allMatch((instance) -> shows(instance, 20)));
		}
	}

	@Test
	void aFileThatCannotBeReadChangesNothing() {
		RunningSystem.edit("order-service.yml", "limits:", "limits: [unfinished");
		try {
			await().until(() -> RunningSystem.configServer().history(1).revisions().get(0).state().equals("REFUSED"));
			assertThat(shows("order-service-1", 20)).isTrue();
			assertThat(Http.send(Http.order(userId)).statusCode()).isEqualTo(201);
		}
		finally {
			RunningSystem.edit("order-service.yml", "limits: [unfinished", "limits:");
		}
		RunningSystem.edit("order-service.yml", "max-lines: 20", "max-lines: 19");
		await().until(() -> shows("order-service-1", 19) && shows("order-service-2", 19));
		RunningSystem.edit("order-service.yml", "max-lines: 19", "max-lines: 20");
		await().until(() -> shows("order-service-1", 20) && shows("order-service-2", 20));
	}

	private static boolean shows(String instance, int maxLines) {
		return Http.get(RunningSystem.system().address(instance), "/api/orders/limits")
			.body()
			.contains("\"maxLines\":" + maxLines);
	}

	private static List<String> throughTheGateway(int times) {
		return IntStream.range(0, times)
			.mapToObj((i) -> Http.get(RunningSystem.gateway(), "/api/orders/limits").body())
			.toList();
	}

	private static double checks(String instance) {
		return RunningSystem.counter(instance, CHECKS);
	}

	/** The share of user-service-1 in the calls of the next two seconds. */
	private static double shareOfOne(SteadyLoad load) {
		double one = checks("user-service-1");
		double two = checks("user-service-2");
		awaitAnswers(load, 100);
		double gainedByOne = checks("user-service-1") - one;
		return gainedByOne / (gainedByOne + checks("user-service-2") - two);
	}

	private static void awaitAnswers(SteadyLoad load, int more) {
		int until = load.answered() + more;
		await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() >= until);
	}

}
