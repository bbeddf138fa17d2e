package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

	private final Node[] nodes;

	private final LoadMetric metric;

	private final RandomGenerator random;

	// In which the nodes come first; null for one after the other.
	private final char @Nullable [] cycle;

	private final AtomicInteger next;

	PowerOfTwoChoices(List<Node> nodes, LoadMetric metric, RandomGenerator random) {
		this.nodes = nodes.toArray(Node[]::new);
		this.metric = metric;
		this.random = random;
		this.cycle = nodes.stream().mapToInt(Node::weight).distinct().count() > 1
				? SmoothWeightedRoundRobin.cycle(nodes) : null;
		this.next = new AtomicInteger((int) nodes.stream().mapToLong(Node::picks).sum());
	}

	@Override
	public int pick(long key) {
		int turn = next.getAndIncrement();
		int first = (cycle == null) ? Integer.remainderUnsigned(turn, nodes.length)
				: cycle[Integer.remainderUnsigned(turn, cycle.length)];
		if (nodes.length == 1 || metric.isIdle(nodes[first])) {
			return first;
		}
		// Any of the others, each as likely: drawn from a range without the first, and
		// moved
		// past it.
		int second = Hash.index(random.nextLong(), nodes.length - 1);
		if (second >= first) {
			second++;
		}
		long time = Node.timeToCompare(nodes[first], nodes[second]);
		return (metric.load(nodes[second], time) < metric.load(nodes[first], time)) ? second : first;
	}

}
