package com.example.platform.resilience;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import com.example.platform.resilience.CallRefusedException.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Bulkhead and circuit breaker of one method of one called service. The breaker is
 * <a href="https://resilience4j.readme.io/docs/circuitbreaker">Resilience4j's</a>. A call
 * that is slow counts as failed as soon as it is, and not when it ends: a service that
 * hangs would keep its breaker closed for as long as its callers wait. Thread-safe;
 * nobody ever waits.
 */
public final class CallGuard {

	private static final Log log = LogFactory.getLog(CallGuard.class);

	// Slowness is counted here.
	private static final Duration NEVER_SLOW = Duration.ofDays(1);

	private final String service;

	private final String method;

	private final Clock clock;

	private final ScheduledExecutorService timer;

	private final AtomicInteger underWay = new AtomicInteger();

	private final Map<Reason, LongAdder> refused = new EnumMap<>(
			Map.of(Reason.OPEN, new LongAdder(), Reason.FULL, new LongAdder()));

	private volatile GuardPolicy policy;

	private volatile CircuitBreaker breaker;

	CallGuard(String service, String method, GuardPolicy policy, Clock clock, ScheduledExecutorService timer) {
		this.service = service;
		this.method = method;
		this.clock = clock;
		this.timer = timer;
		this.policy = policy;
		this.breaker = breaker(policy);
	}

	// A breaker whose rules change begins anew, closed.
	void configure(GuardPolicy next) {
		GuardPolicy before = policy;
		policy = next;
		if (!next.hasBreakerOf(before)) {
			breaker = breaker(next);
		}
	}

	private CircuitBreaker breaker(GuardPolicy policy) {
		CircuitBreaker created = CircuitBreaker.of(toString(),
				CircuitBreakerConfig.custom()
					.clock(clock)
					.slidingWindowType(SlidingWindowType.TIME_BASED)
					.slidingWindowSize((int) policy.window().toSeconds())
					.minimumNumberOfCalls(policy.minCalls())
					.failureRateThreshold((float) (policy.failureShare() * 100))
					.recordResult(Outcome.FAILED::equals)
					.slowCallDurationThreshold(NEVER_SLOW)
					.waitDurationInOpenState(policy.openFor())
					.permittedNumberOfCallsInHalfOpenState(policy.trialCalls())
					.build());
		created.getEventPublisher().onStateTransition((event) -> {
			switch (event.getStateTransition()) {
				case CLOSED_TO_OPEN ->
					log.warn("The circuit breaker of %s opens: %.0f %% of the calls failed or were slow".formatted(this,
							created.getMetrics().getFailureRate()));
				case HALF_OPEN_TO_CLOSED -> log.info("The circuit breaker of " + this + " closes");
				default -> {
					// It tries, each time anew, which need not be told.
				}
			}
		});
		return created;
	}

	/**
	 * Begins a call.
	 * @return the call, which must be ended
	 * @throws CallRefusedException if it is not to be made
	 */
	public Call enter() throws CallRefusedException {
		GuardPolicy present = policy;
		CircuitBreaker permitting = breaker;
		int calls = underWay.incrementAndGet();
		boolean full = present.maxConcurrentCalls() > 0 && calls > present.maxConcurrentCalls();
		if (full || (present.enabled() && !permitting.tryAcquirePermission())) {
			underWay.decrementAndGet();
			Reason reason = full ? Reason.FULL : Reason.OPEN;
			Objects.requireNonNull(refused.get(reason)).increment();
			throw new CallRefusedException(this, reason);
		}
		return new Call(permitting, present.enabled(), present.slowAfter());
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return service;
	}

	/**
	 * Returns the method that is called.
	 * @return its name
	 */
	public String method() {
		return method;
	}

	/**
	 * Returns how the calls are guarded at present.
	 * @return the policy
	 */
	public GuardPolicy policy() {
		return policy;
	}

	/**
	 * Returns how the circuit breaker stands.
	 * @return its state
	 */
	public State state() {
		return switch (breaker.getState()) {
			case OPEN, FORCED_OPEN -> State.OPEN;
			case HALF_OPEN -> State.HALF_OPEN;
			default -> State.CLOSED;
		};
	}

	/**
	 * Returns the share of the calls in the window that failed or were slow.
	 * @return from 0 to 1; -1 while there are too few calls
	 */
	public double failureShare() {
		float percent = breaker.getMetrics().getFailureRate();
		return (percent < 0) ? -1 : percent / 100;
	}

	/**
	 * Returns how many calls are under way.
	 * @return the number
	 */
	public int underWay() {
		return underWay.get();
	}

	/**
	 * Returns how many calls were not made.
	 * @param reason why
	 * @return the number since the start
	 */
	public long refused(Reason reason) {
		return Objects.requireNonNull(refused.get(reason)).sum();
	}

	@Override
	public String toString() {
		return service + "/" + method;
	}

	/**
	 * How a circuit breaker stands.
	 */
	public enum State {

		/** Calls are made. */
		CLOSED,

		/** A few calls are made, which decide. */
		HALF_OPEN,

		/** No calls are made. */
		OPEN

	}

	/**
	 * How a call ended.
	 */
	public enum Outcome {

		/** The service did its part. */
		SUCCEEDED,

		/** The service or the way to it failed. */
		FAILED,

		/** Nobody can say: the caller did not wait. */
		UNKNOWN

	}

	/**
	 * A call under way. Thread-safe.
	 */
	public final class Call {

		private final CircuitBreaker permitting;

		private final AtomicBoolean counted;

		private final AtomicBoolean ended = new AtomicBoolean();

		private final @Nullable Future<?> slow;

		private Call(CircuitBreaker permitting, boolean counts, Duration slowAfter) {
			this.permitting = permitting;
			this.counted = new AtomicBoolean(!counts);
			this.slow = counts ? timer.schedule(() -> count(Outcome.FAILED), slowAfter.toNanos(), TimeUnit.NANOSECONDS)
					: null;
		}

		/**
		 * Ends the call; what comes after the first end is ignored.
		 * @param outcome how it ended
		 */
		public void end(Outcome outcome) {
			if (ended.compareAndSet(false, true)) {
				underWay.decrementAndGet();
				if (slow != null) {
					slow.cancel(false);
				}
				count(outcome);
			}
		}

		private void count(Outcome outcome) {
			if (counted.compareAndSet(false, true)) {
				if (outcome == Outcome.UNKNOWN) {
					permitting.releasePermission();
				}
				else {
					permitting.onResult(0, TimeUnit.NANOSECONDS, outcome);
				}
			}
		}

	}

}
