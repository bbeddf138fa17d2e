package com.example.platform.loadbalancing.policy;

/**
 * How loaded a node is, as a number to compare. Each metric charges for failed calls, or
 * a node that fails fast would look idle and draw all calls.
 */
@FunctionalInterface
public interface LoadMetric {

	/**
	 * Calls in flight, this one included, for the node's weight. A node whose calls all
	 * fail counts a hundred more.
	 */
	LoadMetric IN_FLIGHT = new LoadMetric() {

		@Override
		public double load(Node node, long time) {
			return (node.inFlight() + 1 + 100 * node.failureCharge(time)) / node.effectiveWeight();
		}

		@Override
		public boolean isIdle(Node node) {
			return node.inFlight() == 0 && !node.hasFailed();
		}

	};

	/**
	 * Time in nanoseconds that the calls in flight, this one included, will take by the
	 * node's peak-sensitive moving average, for its weight; below a millisecond, chance
	 * decides it. A node whose calls all fail counts a second more. One that has not
	 * answered lately promises nothing, but each call that it has not answered counts a
	 * second, or it would draw all calls until it does (Finagle's {@code PeakEwma} has a
	 * penalty for the same reason).
	 */
	LoadMetric RESPONSE_TIME = new LoadMetric() {

		private static final double FAST_NANOS = 1e6;

		@Override
		public double load(Node node, long time) {
			double average = node.responseTime(time);
			int inFlight = node.inFlight();
			double expected = (average > 0) ? Math.max(FAST_NANOS, average) * (inFlight + 1) : 1e9 * inFlight;
			return (expected + 1e9 * node.failureCharge(time)) / node.effectiveWeight();
		}

		@Override
		public boolean isIdle(Node node) {
			return node.lastAverage() <= FAST_NANOS && IN_FLIGHT.isIdle(node);
		}

	};

	/**
	 * Returns a node's load.
	 * @param node the node
	 * @param time the moment as of which averages count, in the nodes' clock
	 * @return the load, at least 0
	 */
	double load(Node node, long time);

	/**
	 * Returns whether no other node could be less loaded in any way that matters.
	 * @param node the node
	 * @return whether to take it without a look at another
	 */
	default boolean isIdle(Node node) {
		return false;
	}

}
