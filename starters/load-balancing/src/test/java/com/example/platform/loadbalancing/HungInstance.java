package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The proof that an instance which hangs loses its calls: after its first five missed
 * deadlines it gets 1 % of them at most. Of 500 calls by one caller; with
 * {@code -Dfaults.full=true} of 20 s by four, in which its ejection ends several times.
 */
public final class HungInstance {

	/** How long callers wait for an answer. */
	public static final Duration DEADLINE = Duration.ofMillis(50);

	private static final boolean FULL = Boolean.getBoolean("faults.full");

	private static final int CALLERS = FULL ? 4 : 1;

	private static final Duration TIME = FULL ? Duration.ofSeconds(20) : Duration.ZERO;

	private static final int CALLS = 500;

	private static final int FIRST_MISSES = 5;

	private HungInstance() {
	}

	/** Settings as they are without configuration, but for the policy. */
	public static BalancingSettings settings(PolicyName policy) {
		return new BalancingSettings(policy, PolicyOptions.DEFAULTS, "x-user-id", Duration.ZERO,
				new BalancingSettings.Zone(null, 1, 0.5), new BalancingSettings.Canary(null, "true", 0), 0,
				new BalancingSettings.Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
						Duration.ofSeconds(60), 0.5));
	}

	/**
	 * Calls and counts. That a healthy instance may answer late, on a machine that is
	 * busy, says nothing.
	 * @param name what to print the figures under
	 * @param balanced the service, whose first instance hangs
	 * @param call makes a call
	 */
	public static void prove(String name, CalledService balanced, Callable<Boolean> call) throws Exception {
		long before = picksOfHung(balanced);
		// Until it had its first calls: five, or as many as its slowness left it.
		await().pollDelay(Duration.ZERO).until(() -> {
			for (int i = 0; i < CALLS && picksOfHung(balanced) - before < FIRST_MISSES; i++) {
				call.call();
			}
			return picksOfHung(balanced) > before;
		});
		long missed = picksOfHung(balanced);
		AtomicInteger calls = new AtomicInteger();
		long end = System.nanoTime() + TIME.toNanos();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			Callable<Void> caller = () -> {
				while (calls.get() < CALLS || System.nanoTime() < end) {
					call.call();
					calls.incrementAndGet();
				}
				return null;
			};
			for (var each : callers.invokeAll(IntStream.range(0, CALLERS).mapToObj((i) -> caller).toList())) {
				each.get();
			}
		}
		finally {
			callers.shutdownNow();
		}
		long toHung = picksOfHung(balanced) - missed;
		System.out.printf("%s: %d of %d calls after %d missed deadlines (%.2f %%)%n", name, toHung, calls.get(),
				missed - before, 100.0 * toHung / calls.get());
		assertThat(toHung).as(name).isLessThanOrEqualTo(calls.get() / 100);
	}

	private static long picksOfHung(CalledService balanced) {
		return balanced.view()
			.stream()
			.filter((instance) -> instance.id().endsWith("0"))
			.mapToLong(InstanceView::picks)
			.sum();
	}

}
