package com.example.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.Picker;

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
	 *
	 * @param nanos how long each call took, in ascending order
	 * @param disturbedShare share of the calls of the disturbed time that went to the
	 * disturbed instance
	 */
	record Outcome(List<Long> nanos, double disturbedShare) {

		double shareWithin(long limitNanos) {
			return (double) nanos.stream().filter((each) -> each <= limitNanos).count() / nanos.size();
		}

		long percentile(double share) {
			return nanos.get((int) Math.ceil(share * nanos.size()) - 1);
		}

	}

	private record Call(Node node, long startedAt, long endsAt, boolean fails) {
	}

	private static final double MEAN_GAP_NANOS = 1e6;

	private static final double SIGMA = 0.1;

	private static final long END = TimeUnit.SECONDS.toNanos(60);

	private static final long DISTURBED_FROM = TimeUnit.SECONDS.toNanos(15);

	private static final long DISTURBED_TO = TimeUnit.SECONDS.toNanos(45);

	private final AtomicLong clock = new AtomicLong();

	private final PriorityQueue<Call> inFlight = new PriorityQueue<>(Comparator.comparingLong(Call::endsAt));

	private final RandomGenerator random;

	private final List<Node> nodes;

	private final Picker picker;

	private final Disturbance disturbance;

	private final double medianNanos;

	Simulation(Contender contender, int instances, double medianNanos, Disturbance disturbance, long seed) {
		SplittableRandom seeds = new SplittableRandom(seed);
		this.random = seeds.split();
		this.nodes = nodes(instances, clock);
		this.picker = contender.policy().apply(seeds.split()).picker(nodes);
		this.medianNanos = medianNanos;
		this.disturbance = disturbance;
	}

	static List<Node> nodes(int size, AtomicLong clock) {
		List<Node> nodes = new ArrayList<>();
		for (int i = 0; i < size; i++) {
			nodes.add(new Node("10.0.0." + i + ":8080", clock::get));
		}
		return nodes;
	}

	Outcome run() {
		List<Long> durations = new ArrayList<>();
		long disturbedCalls = 0;
		long callsThen = 0;
		long arrival = 0;
		while (true) {
			arrival += (long) (random.nextExponential() * MEAN_GAP_NANOS);
			if (arrival >= END) {
				break;
			}
			endUntil(arrival);
			clock.set(arrival);
			int index = picker.pick(random.nextLong());
			// Drawn for each call, used or not, so that all contenders see the same.
			double usual = medianNanos * Math.exp(SIGMA * random.nextGaussian());
			boolean then = arrival >= DISTURBED_FROM && arrival < DISTURBED_TO;
			boolean disturbed = then && index == 0;
			callsThen += then ? 1 : 0;
			disturbedCalls += disturbed ? 1 : 0;
			durations.add(start(nodes.get(index), disturbed ? disturbance : Disturbance.NONE, usual));
		}
		return new Outcome(durations.stream().sorted().toList(), (double) disturbedCalls / callsThen);
	}

	private long start(Node node, Disturbance now, double usual) {
		long nanos = switch (now) {
			case NONE -> (long) usual;
			case SLOW -> TimeUnit.SECONDS.toNanos(2);
			case FAILING_FAST -> TimeUnit.MILLISECONDS.toNanos(1);
		};
		long startedAt = node.started();
		inFlight.add(new Call(node, startedAt, startedAt + nanos, now == Disturbance.FAILING_FAST));
		return nanos;
	}

	private void endUntil(long time) {
		for (Call call = inFlight.peek(); call != null && call.endsAt() <= time; call = inFlight.peek()) {
			inFlight.remove();
			clock.set(call.endsAt());
			if (call.fails()) {
				call.node().failed();
			}
			else {
				call.node().responded(call.startedAt());
				call.node().succeeded();
			}
		}
	}

}
