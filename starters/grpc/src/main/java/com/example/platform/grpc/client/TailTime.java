package com.example.platform.grpc.client;

/**
 * The time within which 95 % of calls are answered, as it is lately. It is an estimate
 * that each slower call raises by nearly 5 % and each faster one lowers by a nineteenth
 * of that, so that it stays where one in twenty is slower (Robbins and Monro, 1951). It
 * needs no memory, and one very slow call counts no more than another. Thread-safe: what
 * two threads add at the same moment may count once.
 */
final class TailTime {

	private static final double STEP = 0.05;

	private static final double SLOWER = 1 + 0.95 * STEP;

	private static final double FASTER = 1 - 0.05 * STEP;

	private volatile double nanos;

	/**
	 * Begins with a guess.
	 * @param nanos above 0
	 */
	TailTime(long nanos) {
		this.nanos = nanos;
	}

	/**
	 * Adds a call.
	 * @param time nanoseconds that it took, or took at least, if that is more than the
	 * estimate
	 */
	void add(long time) {
		double present = nanos;
		nanos = present * ((time > present) ? SLOWER : FASTER);
	}

	long nanos() {
		return (long) nanos;
	}

}
