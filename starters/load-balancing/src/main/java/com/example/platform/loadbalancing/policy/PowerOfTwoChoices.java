package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Takes the less loaded of two nodes (Mitzenmacher, <i>The Power of Two Choices in
 * Randomized Load Balancing</i>, 2001), which spreads nearly as well as the least loaded
 * of all, costs the same however many there are, and does not send all callers to the
 * same one. The first of the two comes in turn, as often as its weight says, and the
 * second at random; since a tie goes to the first, idle nodes are taken one after the
 * other.
 */
final class PowerOfTwoChoices implements Picker {

	// An idle node is left only for one whose load is less by a fifth. Measured loads are
	// hardly ever equal, and while calls are few, whoever is better by chance would get
	// them all.
	private static final double CLEARLY_LESS = 0.8;

	private final Node[] nodes;

	private final LoadMetric metric;

	private final RandomGenerator random;

	// In which the nodes come first; null for one after the other.
	private final char @Nullable [] cycle;

	private final Turns turns;

	PowerOfTwoChoices(List<Node> nodes, LoadMetric metric, RandomGenerator random, Turns turns) {
		this.nodes = nodes.toArray(Node[]::new);
		this.metric = metric;
		this.random = random;
		this.cycle = nodes.stream().mapToInt(Node::weight).distinct().count() > 1
				? SmoothWeightedRoundRobin.cycle(nodes) : null;
		this.turns = turns;
	}

	@Override
	public int pick(long key) {
		int first = (cycle == null) ? turns.next(nodes.length) : cycle[turns.next(cycle.length)];
		if (nodes.length == 1 || metric.isIdle(nodes[first])) {
			return first;
		}
		// Any of the others, each as likely: drawn from a range without the first, and
		// moved past it.
		int second = Hash.index(random.nextLong(), nodes.length - 1);
		if (second >= first) {
			second++;
		}
		long time = Node.timeToCompare(nodes[first], nodes[second]);
		double limit = metric.load(nodes[first], time) * ((nodes[first].inFlight() == 0) ? CLEARLY_LESS : 1);
		return (metric.load(nodes[second], time) < limit) ? second : first;
	}

}
