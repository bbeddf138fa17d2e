package com.example.platform.loadbalancing.policy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * One instance of a called service as its callers in this process experience it. It stays
 * the same object while the instance is known, whatever policy chooses.
 *
 * <p>
 * Safe for use by several threads. Calls update it without locks; a lost update of an
 * average is corrected by the next call. What every call writes is striped; what they all
 * read is seldom written. It takes some 1.5 KiB.
 *
 * <p>
 * The response time is a moving average that rises to a peak at once and falls slowly,
 * after Finagle's {@code PeakEwma}; the weights of unevenly spaced samples are those of
 * Eckner, <i>Algorithms for Unevenly-Spaced Time Series</i> (2012). What lies more than
 * some 20 seconds back counts no more: a node that gets no calls could never show that it
 * is well again.
 */
public final class Node {

	// Within this time, what was experienced counts for 1/e.
	private static final double DECAY_NANOS = 10e9;

	// A response time that nothing has confirmed for so long is not known any more.
	private static final long MEMORY_NANOS = 20_000_000_000L;

	// Between two samples of the average: of many calls a second, so many tell as much as
	// all, and the average is not written at each.
	private static final long SAMPLE_NANOS = 1_000_000;

	// Numbers of the striped counters.
	private static final int STARTED = 0;

	private static final int ENDED = 1;

	private final String id;

	private final long hash;

	private final LongSupplier nanoTime;

	private final StripedCounters calls = new StripedCounters();

	private final AtomicLong cancelled = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private final AtomicInteger failuresInARow = new AtomicInteger();

	// Null when no failure counts.
	private final AtomicReference<@Nullable Failing> failing = new AtomicReference<>();

	// By those who keep connections.
	private final Map<Object, String> unreachable = new ConcurrentHashMap<>();

	private volatile int weight = 1;

	private volatile double share = 1;

	private volatile double responseTime;

	private volatile long responseTimeAt;

	/**
	 * Creates a node that nothing is known of yet.
	 * @param id unique in its service, and the same for every caller
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 */
	public Node(String id, LongSupplier nanoTime) {
		this.id = id;
		this.hash = Hash.of(id);
		this.nanoTime = nanoTime;
		this.responseTimeAt = nanoTime.getAsLong();
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
		Failing present = failing.get();
		if (present == null) {
			return false;
		}
		if (present.charge(nanoTime.getAsLong()) > 0) {
			return true;
		}
		failing.compareAndSet(present, null);
		return false;
	}

	/**
	 * Notes that a call begins.
	 * @return the time of the clock, for {@link #succeeded} and {@link #failed}
	 */
	public long started() {
		calls.increment(STARTED);
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
		long age = now - responseTimeAt;
		if (sample > average || age >= MEMORY_NANOS) {
			responseTime = sample;
			responseTimeAt = now;
		}
		else if (age >= SAMPLE_NANOS) {
			double old = decay(age);
			responseTime = average * old + sample * (1 - old);
			responseTimeAt = now;
		}
	}

	/**
	 * Notes that a call ended well.
	 */
	public void succeeded() {
		calls.increment(ENDED);
		if (failuresInARow.get() != 0) {
			failuresInARow.set(0);
		}
		Failing present = failing.get();
		if (present != null) {
			failing.compareAndSet(present, present.afterSuccess());
		}
	}

	/**
	 * Notes that a call failed for a reason that lies with the instance or the way to it.
	 * @return the number of failures since the last success
	 */
	public int failed() {
		calls.increment(ENDED);
		failures.incrementAndGet();
		long now = nanoTime.getAsLong();
		failing.updateAndGet((present) -> Failing.afterFailure(present, now));
		return failuresInARow.incrementAndGet();
	}

	/**
	 * Notes that a call ended in a way that says nothing of the instance, such as by its
	 * caller's will.
	 */
	public void cancelled() {
		// In this order, so that it never counts as an outcome.
		cancelled.incrementAndGet();
		calls.increment(ENDED);
	}

	/**
	 * Returns the calls in flight.
	 * @return the number
	 */
	public int inFlight() {
		// In this order, so that it is never below 0.
		long before = calls.sum(ENDED);
		return (int) (calls.sum(STARTED) - before);
	}

	/**
	 * Returns how often the node was chosen.
	 * @return the number since the node is known
	 */
	public long picks() {
		return calls.sum(STARTED);
	}

	/**
	 * Returns how many calls have ended in a way that says something of the instance: all
	 * that have ended but those that were cancelled.
	 * @return the number since the node is known
	 */
	public long outcomes() {
		long all = calls.sum(ENDED);
		return all - cancelled.get();
	}

	/**
	 * Returns how many calls failed.
	 * @return the number since the node is known
	 */
	public long failures() {
		return failures.get();
	}

	/**
	 * Notes whether one of those who keep connections to the node has one.
	 * @param keeper who; equal only to itself
	 * @param problem why it has none; {@code null} when it has, or keeps none any more
	 */
	public void unreachable(Object keeper, @Nullable String problem) {
		if (problem != null) {
			unreachable.put(keeper, problem);
		}
		else {
			unreachable.remove(keeper);
		}
	}

	/**
	 * Returns why there is no connection to the node.
	 * @return the reason of one who has none; {@code null} when all have, or nobody keeps
	 * any
	 */
	public @Nullable String unreachable() {
		return unreachable.values().stream().findFirst().orElse(null);
	}

	/**
	 * Returns the moving average of the response time as of now.
	 * @return nanoseconds; 0 when there was no response lately
	 */
	public double responseTime() {
		return responseTime(nanoTime.getAsLong());
	}

	double responseTime(long time) {
		long age = time - responseTimeAt;
		return (age < MEMORY_NANOS) ? responseTime * decay(age) : 0;
	}

	// As of the last response.
	double lastAverage() {
		return responseTime;
	}

	double failureCharge(long time) {
		Failing present = failing.get();
		return (present != null) ? present.charge(time) : 0;
	}

	/**
	 * Returns a moment as of which the loads of two nodes can be compared. Response times
	 * that decay at the same pace compare alike at any moment, so the later of the two
	 * last responses will do, which is known without reading the clock; only failures are
	 * charged as of now.
	 */
	static long timeToCompare(Node one, Node other) {
		if (one.failing.get() != null || other.failing.get() != null) {
			return one.nanoTime.getAsLong();
		}
		long first = one.responseTimeAt;
		long second = other.responseTimeAt;
		return (first - second > 0) ? first : second;
	}

	// e^-x by the first terms of the series of e^x: within 2 % up to x = 1 and falling
	// throughout, which is all that a comparison needs, at a fifth of the cost.
	static double decay(long nanos) {
		double x = Math.max(0, nanos) * (1 / DECAY_NANOS);
		return 1 / (1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24)))));
	}

	@Override
	public String toString() {
		return id;
	}

}
