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

/**
 * The proof that an instance which hangs loses its calls: after its first five missed
 * deadlines it gets 1 % of them at most. A second's worth of calls by one caller; with
 * {@code -Dfaults.full=true} 20 s by four, in which its ejection ends several times.
 */
public final class HungInstance {

	/** How long callers wait for an answer. */
	public static final Duration DEADLINE = Duration.ofMillis(50);

	private static final boolean FULL = Boolean.getBoolean("faults.full");

	private static final int CALLERS = FULL ? 4 : 1;

	private static final Duration TIME = FULL ? Duration.ofSeconds(20) : Duration.ofSeconds(1);

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
	 * Calls for a while and counts.
	 * @param name what to print the figures under
	 * @param call makes a call, and returns whether it was answered in time
	 */
	public static void prove(String name, Callable<Boolean> call) throws Exception {
		AtomicInteger missed = new AtomicInteger();
		AtomicInteger all = new AtomicInteger();
		AtomicInteger calls = new AtomicInteger();
		AtomicInteger toHung = new AtomicInteger();
		long end = System.nanoTime() + TIME.toNanos();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			Callable<Void> caller = () -> {
				while (System.nanoTime() < end) {
					boolean counts = missed.get() >= FIRST_MISSES;
					boolean answered = call.call();
					all.incrementAndGet();
					int misses = answered ? missed.get() : missed.incrementAndGet();
					// Without five, the instance gets less than any share of the calls.
					if (counts || misses > FIRST_MISSES) {
						calls.incrementAndGet();
						toHung.addAndGet(answered ? 0 : 1);
					}
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
		System.out.printf("%s: %d of %d calls after %d missed deadlines (%.2f %%)%n", name, toHung.get(), calls.get(),
				Math.min(missed.get(), FIRST_MISSES), 100.0 * toHung.get() / Math.max(1, calls.get()));
		assertThat(all.get()).as(name).isGreaterThan(20);
		assertThat(missed.get()).as(name).isPositive();
		assertThat(toHung.get()).as(name).isLessThanOrEqualTo(calls.get() / 100);
	}

}
