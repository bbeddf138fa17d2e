package com.example.platform.loadbalancing.policy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * One instance of a target service as its callers in this process experience it. It stays
 * the same object while the instance is known, whatever policy chooses.
 *
 * <p>
 * Safe for use by several threads. Calls update it without locks; a lost update of an
 * average is corrected by the next call.
 *
 * <p>
 * The response time is a moving average that rises to a peak at once and falls slowly,
 * after Finagle's {@code PeakEwma}; the weights of unevenly spaced samples are those of
 * Eckner, <i>Algorithms for Unevenly-Spaced Time Series</i> (2012).
 */
public final class Node {

	// Within this time, what was experienced counts for 1/e.
	private static final double DECAY_NANOS = 10e9;

	// What one call tells about the share of calls that fail.
	private static final double FAILURE_STEP = 0.2;

	private final String id;

	private final long hash;

	private final LongSupplier nanoTime;

	private final AtomicLong picks = new AtomicLong();

	private final AtomicLong ended = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private final AtomicInteger failuresInARow = new AtomicInteger();

	private volatile int weight = 1;

	private volatile double share = 1;

	private volatile double responseTime;

	private volatile long responseTimeAt;

	private volatile double failureShare;

	private volatile long failureShareAt;

	private volatile @Nullable String unreachable;

	/**
	 * Creates a node that nothing is known of yet.
	 * @param id unique in its target, and the same for every caller
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 */
	public Node(String id, LongSupplier nanoTime) {
		this.id = id;
		this.hash = Hash.of(id);
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns the node's id.
	 * @return the id
	 */
	public String id() {
		return id;
	}

	long hash() {
		return hash;
	}

	/**
	 * Returns the node's weight.
	 * @return at least 0
	 */
	public int weight() {
		return weight;
	}

	/**
	 * Changes the weight. Pickers that were made before may keep the old one.
	 * @param weight at least 0
	 */
	public void weight(int weight) {
		this.weight = weight;
	}

	/**
	 * Limits the node to a share of the calls that would be its, while it warms up.
	 * @param share above 0, at most 1
	 */
	public void warmUp(double share) {
		this.share = share;
	}

	/**
	 * Returns the share of the calls that would be its which the node gets while it warms
	 * up.
	 * @return above 0, at most 1
	 */
	public double warmUp() {
		return share;
	}

	// A node of weight 0 is chosen only among its like.
	double effectiveWeight() {
		return Math.max(weight, 1e-6);
	}

	boolean hasFailed() {
		return failureShare > 0;
	}

	/**
	 * Notes that a call begins.
	 * @return the time of the clock, for {@link #succeeded} and {@link #failed}
	 */
	public long started() {
		picks.incrementAndGet();
		return nanoTime.getAsLong();
	}

	/**
	 * Notes when the first of the answer arrived.
	 * @param startedAt what {@link #started} returned
	 */
	public void responded(long startedAt) {
		long now = nanoTime.getAsLong();
		double sample = Math.max(0, now - startedAt);
		double average = responseTime;
		if (sample >= average) {
			responseTime = sample;
		}
		else {
			double old = decay(now - responseTimeAt);
			responseTime = average * old + sample * (1 - old);
		}
		responseTimeAt = now;
	}

	/**
	 * Notes that a call ended well.
	 */
	public void succeeded() {
		ended.incrementAndGet();
		if (failuresInARow.get() != 0) {
			failuresInARow.set(0);
		}
		double failing = failureShare;
		if (failing > 0) {
			double next = failing * (1 - FAILURE_STEP);
			failureShare = (next < 0.001) ? 0 : next;
		}
	}

	/**
	 * Notes that a call failed for a reason that lies with the instance or the way to it.
	 * @return the number of failures since the last success
	 */
	public int failed() {
		ended.incrementAndGet();
		failures.incrementAndGet();
		long now = nanoTime.getAsLong();
		double failing = failureShare * decay(now - failureShareAt);
		failureShare = failing + (1 - failing) * FAILURE_STEP;
		failureShareAt = now;
		return failuresInARow.incrementAndGet();
	}

	/**
	 * Notes that a call ended in a way that says nothing of the instance, such as by its
	 * caller's will.
	 */
	public void cancelled() {
		ended.incrementAndGet();
	}

	/**
	 * Returns the calls in flight.
	 * @return the number
	 */
	public int inFlight() {
		// In this order, so that it is never below 0.
		long before = ended.get();
		return (int) (picks.get() - before);
	}

	/**
	 * Returns how often the node was chosen.
	 * @return the number since the node is known
	 */
	public long picks() {
		return picks.get();
	}

	/**
	 * Returns how many calls failed.
	 * @return the number since the node is known
	 */
	public long failures() {
		return failures.get();
	}

	/**
	 * Notes whether those who keep connections to the node have one.
	 * @param problem why they have none; {@code null} when they have
	 */
	public void unreachable(@Nullable String problem) {
		unreachable = problem;
	}

	/**
	 * Returns why there is no connection to the node.
	 * @return the reason; {@code null} when there is one, or nobody keeps any
	 */
	public @Nullable String unreachable() {
		return unreachable;
	}

	/**
	 * Returns the moving average of the response time as of now.
	 * @return nanoseconds; 0 before the first response
	 */
	public double responseTime() {
		return responseTime(nanoTime.getAsLong());
	}

	double responseTime(long time) {
		double average = responseTime;
		return (average > 0) ? average * decay(time - responseTimeAt) : 0;
	}

	// Quadratic, so that a single failure among many calls costs little and a row of them
	// much.
	double failureCharge(long time) {
		double failing = failureShare;
		if (failing == 0) {
			return 0;
		}
		double then = failing * decay(time - failureShareAt);
		return then * then;
	}

	/**
	 * Returns a moment as of which the loads of two nodes can be compared. Response times
	 * that decay at the same pace compare alike at any moment, so the later of the two
	 * last responses will do, which is known without reading the clock; only failures are
	 * charged as of now.
	 */
	static long timeToCompare(Node one, Node other) {
		if (one.failureShare > 0 || other.failureShare > 0) {
			return one.nanoTime.getAsLong();
		}
		long first = one.responseTimeAt;
		long second = other.responseTimeAt;
		return (first - second > 0) ? first : second;
	}

	// e^-x by the first terms of the series of e^x: within 2 % up to x = 1 and falling
	// throughout, which is all that a comparison needs, at a fifth of the cost.
	private static double decay(long nanos) {
		double x = Math.max(0, nanos) / DECAY_NANOS;
		return 1 / (1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x / 24))));
	}

	@Override
	public String toString() {
		return id;
	}

}
