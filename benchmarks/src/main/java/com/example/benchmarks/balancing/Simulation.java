package com.example.benchmarks.balancing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A minute of calls in virtual time: they come at random, a thousand a second (Poisson),
 * and take a time that is lognormal and the same for all instances but the first, which
 * is disturbed in the middle 30 seconds. Instances do not queue. The same seed gives the
 * same calls to every contender.
 */
final class Simulation {

	/**
	 * What the disturbed instance does.
	 */
	enum Disturbance {

		/** Nothing out of the ordinary. */
		NONE,

		/** Answers after two seconds. */
		SLOW,

		/** Answers with an error after a millisecond. */
		FAILING_FAST

	}

	/**
	 * What became of the calls.
	 */
	static final class Outcome {

		// In ascending order.
		private final long[] nanos;

		private final double disturbedShare;

		private Outcome(long[] nanos, double disturbedShare) {
			this.nanos = nanos;
			this.disturbedShare = disturbedShare;
		}

		/**
		 * Returns the share of calls that took at most so long.
		 */
		double shareWithin(long limitNanos) {
			return (double) Arrays.stream(nanos).filter((each) -> each <= limitNanos).count() / nanos.length;
		}

		/**
		 * Returns the time that a share of the calls did not exceed.
		 */
		long percentile(double share) {
			return nanos[(int) Math.ceil(share * nanos.length) - 1];
		}

		/**
		 * Returns the share of the calls of the disturbed time that went to the disturbed
		 * instance.
		 */
		double disturbedShare() {
			return disturbedShare;
		}

	}

	private record Pending(Caller.Call call, long endsAt, boolean fails) {
	}

	private static final double MEAN_GAP_NANOS = 1e6;

	private static final double SIGMA = 0.1;

	private static final int USERS = 10_000;

	private static final Request[] REQUESTS = IntStream.range(0, USERS)
		.mapToObj((user) -> new Request("user-" + user))
		.toArray(Request[]::new);

	private static final long TICK = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long END = TimeUnit.SECONDS.toNanos(60);

	private static final long DISTURBED_FROM = TimeUnit.SECONDS.toNanos(15);

	private static final long DISTURBED_TO = TimeUnit.SECONDS.toNanos(45);

	private final AtomicLong clock = new AtomicLong();

	private final PriorityQueue<Pending> pending = new PriorityQueue<>(Comparator.comparingLong(Pending::endsAt));

	private final RandomGenerator random;

	private final Caller caller;

	private final Disturbance disturbance;

	private final double medianNanos;

	private long nextTick = TICK;

	Simulation(Contender contender, int instances, double medianNanos, Disturbance disturbance, long seed) {
		SplittableRandom seeds = new SplittableRandom(seed);
		this.random = seeds.split();
		this.caller = contender.maker().make(Contender.fleet(instances), clock::get, seeds.split());
		this.medianNanos = medianNanos;
		this.disturbance = disturbance;
	}

	Outcome run() {
		long[] durations = new long[2 * (int) (END / MEAN_GAP_NANOS)];
		int calls = 0;
		long disturbedCalls = 0;
		long callsThen = 0;
		long arrival = 0;
		while (true) {
			arrival += (long) (random.nextExponential() * MEAN_GAP_NANOS);
			if (arrival >= END) {
				break;
			}
			passUntil(arrival);
			Caller.Call call = caller.begin(REQUESTS[random.nextInt(USERS)]);
			// Drawn for each call, used or not, so that all contenders see the same.
			double usual = medianNanos * Math.exp(SIGMA * random.nextGaussian());
			boolean then = arrival >= DISTURBED_FROM && arrival < DISTURBED_TO;
			boolean disturbed = then && call.instance() == 0;
			callsThen += then ? 1 : 0;
			disturbedCalls += disturbed ? 1 : 0;
			Disturbance now = disturbed ? disturbance : Disturbance.NONE;
			durations[calls] = duration(now, usual);
			pending.add(new Pending(call, arrival + durations[calls], now == Disturbance.FAILING_FAST));
			calls++;
		}
		long[] sorted = Arrays.copyOf(durations, calls);
		Arrays.sort(sorted);
		return new Outcome(sorted, (double) disturbedCalls / callsThen);
	}

	private static long duration(Disturbance now, double usual) {
		return switch (now) {
			case NONE -> (long) usual;
			case SLOW -> TimeUnit.SECONDS.toNanos(2);
			case FAILING_FAST -> TimeUnit.MILLISECONDS.toNanos(1);
		};
	}

	private void passUntil(long time) {
		while (nextTick <= time) {
			endUntil(nextTick);
			clock.set(nextTick);
			caller.tick();
			nextTick += TICK;
		}
		endUntil(time);
		clock.set(time);
	}

	private void endUntil(long time) {
		for (Pending next = pending.peek(); next != null && next.endsAt() <= time; next = pending.peek()) {
			pending.remove();
			clock.set(next.endsAt());
			next.call().end(next.fails());
		}
	}

}
