package com.example.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import com.example.benchmarks.Simulation.Disturbance;
import com.example.benchmarks.Simulation.Outcome;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.Picker;
import com.example.platform.loadbalancing.policy.Policy;

/**
 * How well each policy balances: exact counts, and simulations in virtual time from a
 * fixed seed. Prints one table.
 */
public final class PolicyQuality {

	private static final long SEED = 42;

	private static final int CYCLES = 1000;

	private static final int[] WEIGHTS = { 5, 1, 1 };

	private static final long[] KEYS = LongStream.range(0, 1_000_000).map((i) -> Hash.of("user-" + i)).toArray();

	private PolicyQuality() {
	}

	/**
	 * How a policy treats keys.
	 *
	 * @param maxToMean keys of the node with the most, divided by the mean; ideal 1
	 * @param movedTimesNodes share of keys that move when one node leaves, times the
	 * number of nodes; ideal 1
	 */
	record Affinity(double maxToMean, double movedTimesNodes) {

		private static final Affinity NONE = new Affinity(Double.NaN, Double.NaN);

	}

	/**
	 * A line of the table.
	 *
	 * @param name name of the policy
	 * @param of10 keys on 10 nodes
	 * @param of100 keys on 100 nodes
	 * @param unevenness calls that the most taken of 10 nodes got more than the least
	 * taken, one call at a time
	 * @param weightError most calls that a node of weight 5, 1 or 1 got more or less than
	 * its due in a thousand cycles, one call at a time
	 * @param withinSecond share of calls that took at most a second while one of 11
	 * instances was slow for half of the time
	 * @param tailRatio 99.9th percentile of the same calls, divided by that without the
	 * slow instance
	 * @param failingShare share of calls that went to the one of 10 instances that failed
	 * fast
	 */
	record Row(String name, Affinity of10, Affinity of100, long unevenness, long weightError, double withinSecond,
			double tailRatio, double failingShare) {
	}

	/**
	 * Prints the table.
	 * @param arguments none
	 */
	public static void main(String... arguments) {
		System.out.println(table(measure()));
	}

	static List<Row> measure() {
		return Contender.all().stream().map(PolicyQuality::measure).toList();
	}

	private static Row measure(Contender contender) {
		double usual = TimeUnit.MILLISECONDS.toNanos(167);
		Outcome calm = new Simulation(contender, 11, usual, Disturbance.NONE, SEED).run();
		Outcome slow = new Simulation(contender, 11, usual, Disturbance.SLOW, SEED).run();
		Outcome failing = new Simulation(contender, 10, TimeUnit.MILLISECONDS.toNanos(15), Disturbance.FAILING_FAST,
				SEED)
			.run();
		long[] even = counts(contender, Simulation.nodes(10, new AtomicLong()), 10 * CYCLES + 7);
		return new Row(contender.name(), contender.affine() ? affinity(contender, 10) : Affinity.NONE,
				contender.affine() ? affinity(contender, 100) : Affinity.NONE,
				Arrays.stream(even).max().orElseThrow() - Arrays.stream(even).min().orElseThrow(),
				weightError(contender), slow.shareWithin(TimeUnit.SECONDS.toNanos(1)),
				(double) slow.percentile(0.999) / calm.percentile(0.999), failing.disturbedShare());
	}

	private static Affinity affinity(Contender contender, int size) {
		Policy policy = contender.policy().apply(new SplittableRandom(SEED));
		List<Node> nodes = Simulation.nodes(size, new AtomicLong());
		List<Node> others = new ArrayList<>(nodes);
		others.remove(size / 2);
		Node[] before = picks(policy.picker(nodes), nodes);
		Node[] after = picks(policy.picker(others), others);
		long[] counts = new long[size];
		int moved = 0;
		for (int i = 0; i < KEYS.length; i++) {
			counts[nodes.indexOf(before[i])]++;
			moved += (before[i] != after[i]) ? 1 : 0;
		}
		return new Affinity((double) Arrays.stream(counts).max().orElseThrow() * size / KEYS.length,
				(double) moved * size / KEYS.length);
	}

	private static Node[] picks(Picker picker, List<Node> nodes) {
		return Arrays.stream(KEYS).mapToObj((key) -> nodes.get(picker.pick(key))).toArray(Node[]::new);
	}

	private static long weightError(Contender contender) {
		List<Node> nodes = Simulation.nodes(WEIGHTS.length, new AtomicLong());
		for (int i = 0; i < WEIGHTS.length; i++) {
			nodes.get(i).weight(WEIGHTS[i]);
		}
		long[] counts = counts(contender, nodes, CYCLES * Arrays.stream(WEIGHTS).sum());
		long most = 0;
		for (int i = 0; i < WEIGHTS.length; i++) {
			most = Math.max(most, Math.abs(counts[i] - (long) WEIGHTS[i] * CYCLES));
		}
		return most;
	}

	private static long[] counts(Contender contender, List<Node> nodes, int calls) {
		Picker picker = contender.policy().apply(new SplittableRandom(SEED)).picker(nodes);
		long[] counts = new long[nodes.size()];
		for (int i = 0; i < calls; i++) {
			counts[picker.pick(KEYS[i])]++;
		}
		return counts;
	}

	static String table(List<Row> rows) {
		StringBuilder table = new StringBuilder("""
				| policy | max/mean of keys, 10 nodes | moved × 10 | max/mean, 100 nodes | moved × 100 \
				| uneven calls | off weights | slow: within 1 s | slow: p99.9 ratio | sent to failing |
				|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
				""");
		for (Row row : rows) {
			table.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %d | %d | %.3f %% | %.2f | %.3f %% |%n",
					row.name(), ratio(row.of10().maxToMean()), ratio(row.of10().movedTimesNodes()),
					ratio(row.of100().maxToMean()), ratio(row.of100().movedTimesNodes()), row.unevenness(),
					row.weightError(), 100 * row.withinSecond(), row.tailRatio(), 100 * row.failingShare()));
		}
		return table.toString();
	}

	private static String ratio(double value) {
		return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
	}

}
