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
	LoadMetric IN_FLIGHT = (node, time) -> (node.inFlight() + 1 + 100 * node.failureCharge(time))
			/ node.effectiveWeight();

	/**
	 * Time in nanoseconds that the calls in flight, this one included, will take by the
	 * node's peak-sensitive moving average, for its weight. A node whose calls all fail
	 * counts a second more.
	 */
	LoadMetric RESPONSE_TIME = (node,
			time) -> (node.responseTime(time) * (node.inFlight() + 1) + 1e9 * node.failureCharge(time))
					/ node.effectiveWeight();

	/**
	 * Returns a node's load.
	 * @param node the node
	 * @param time the moment as of which averages count, in the nodes' clock
	 * @return the load, at least 0
	 */
	double load(Node node, long time);

}
