package com.example.benchmarks.balancing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.benchmarks.balancing.Contender.Instance;
import com.example.benchmarks.balancing.Simulation.Disturbance;
import com.example.benchmarks.balancing.Simulation.Outcome;
import com.example.platform.loadbalancing.CalledService;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * How well each policy balances: exact counts, and simulations in virtual time from fixed
 * seeds. Prints one table.
 */
public final class PolicyQuality {

	private static final int SEEDS = 20;

	private static final int CYCLES = 1000;

	private static final List<Instance> WEIGHTED = List.of(new Instance(0, 5), new Instance(1, 1), new Instance(2, 1));

	private static final int KEYS = 1_000_000;

	private static final int[] FLEETS = { 10, 100, 1000 };

	// Several, since each has its own share of the keys by chance.
	private static final int LEAVERS = 5;

	private PolicyQuality() {
	}

	/**
	 * How a policy treats keys.
	 *
	 * @param maxToMean keys of the instance with the most, divided by the mean; ideal 1
	 * @param moved share of keys that move when one instance leaves, times the number of
	 * instances; ideal 1
	 */
	record Affinity(double maxToMean, double moved) {
	}

	/**
	 * The same quantity from each seed.
	 *
	 * @param median the middle
	 * @param worst the furthest from what is wanted
	 */
	record Spread(double median, double worst) {

		private static Spread of(int seeds, boolean lessIsWorse, IntToDoubleFunction measure) {
			double[] values = IntStream.range(0, seeds).mapToDouble(measure).sorted().toArray();
			return new Spread(values[seeds / 2], values[lessIsWorse ? 0 : seeds - 1]);
		}

		private String text(String format) {
			return String.format(Locale.ROOT, format + " (" + format + ")", median, worst);
		}

	}

	/**
	 * How a policy treats calls.
	 *
	 * @param unevenness calls that the most taken of 10 instances got more than the least
	 * taken, one call at a time
	 * @param weightError most calls that an instance of weight 5, 1 or 1 got more or less
	 * than its due in a thousand cycles, one call at a time
	 * @param withinSecond percentage of calls that took at most a second while one of 11
	 * instances was slow for half of the time
	 * @param tailRatio 99.9th percentile of the same calls, divided by that without the
	 * slow instance
	 * @param failing percentage of calls that went to the one of 10 instances that failed
	 * fast, by the policy alone
	 * @param failingEjected the same when failing instances are taken out; {@code null}
	 * for policies of others
	 */
	record Behaviour(long unevenness, long weightError, Spread withinSecond, Spread tailRatio, Spread failing,
			@Nullable Spread failingEjected) {
	}

	/**
	 * A line of the table.
	 *
	 * @param name name of the policy
	 * @param affinities keys on fleets of 10, 100 and 1,000; empty for policies that keep
	 * no key
	 * @param behaviour how it treats calls; {@code null} for what is only a hash
	 */
	record Row(String name, List<Affinity> affinities, @Nullable Behaviour behaviour) {
	}

	/**
	 * Prints the table.
	 * @param arguments none
	 */
	public static void main(String... arguments) {
		System.out.println(table(Stream.concat(measureOwn(SEEDS).stream(), measureOthers().stream()).toList()));
	}

	/**
	 * Measures this project's policies.
	 * @param seeds number of simulations of each kind
	 * @return a line for each policy
	 */
	static List<Row> measureOwn(int seeds) {
		LoggingSystem.get(PolicyQuality.class.getClassLoader())
			.setLogLevel(CalledService.class.getName(), LogLevel.ERROR);
		List<Contender> alone = Contender.own(false);
		List<Contender> ejecting = Contender.own(true);
		return IntStream.range(0, alone.size())
			.mapToObj((i) -> row(alone.get(i), behaviour(alone.get(i), ejecting.get(i), seeds)))
			.toList();
	}

	private static List<Row> measureOthers() {
		return Stream
			.concat(Contender.peers().stream().map((peer) -> row(peer, behaviour(peer, null, SEEDS))),
					Contender.hashes().stream().map((hash) -> row(hash, null)))
			.toList();
	}

	private static Row row(Contender contender, @Nullable Behaviour behaviour) {
		List<Affinity> affinities = contender.affine()
				? IntStream.of(FLEETS).mapToObj((size) -> affinity(contender, Contender.fleet(size))).toList()
				: List.of();
		return new Row(contender.name(), affinities, behaviour);
	}

	private static Affinity affinity(Contender contender, List<Instance> fleet) {
		int[] before = instancesOfKeys(contender, fleet);
		int size = fleet.size();
		long moved = 0;
		for (int i = 0; i < LEAVERS; i++) {
			int leaver = i * size / LEAVERS;
			int[] after = instancesOfKeys(contender,
					fleet.stream().filter((instance) -> instance.id() != leaver).toList());
			moved += IntStream.range(0, KEYS).filter((key) -> before[key] != after[key]).count();
		}
		return new Affinity(maxToMean(before, size), (double) moved / LEAVERS * size / KEYS);
	}

	private static int[] instancesOfKeys(Contender contender, List<Instance> fleet) {
		Caller caller = caller(contender, fleet);
		return IntStream.range(0, KEYS).map((key) -> instance(caller, key)).toArray();
	}

	// What chance alone does to a hash that knows no key before another.
	private static double idealMaxToMean(int size) {
		return maxToMean(new SplittableRandom(0).ints(KEYS, 0, size).toArray(), size);
	}

	private static double maxToMean(int[] instances, int size) {
		long[] counts = new long[size];
		IntStream.of(instances).forEach((instance) -> counts[instance]++);
		return (double) Arrays.stream(counts).max().orElseThrow() * size / instances.length;
	}

	private static Behaviour behaviour(Contender alone, @Nullable Contender ejecting, int seeds) {
		long[] even = counts(alone, Contender.fleet(10), 10 * CYCLES + 7);
		Outcome[] calm = simulate(alone, 11, 167, Disturbance.NONE, seeds);
		Outcome[] slow = simulate((ejecting != null) ? ejecting : alone, 11, 167, Disturbance.SLOW, seeds);
		return new Behaviour(Arrays.stream(even).max().orElseThrow() - Arrays.stream(even).min().orElseThrow(),
				weightError(alone),
				Spread.of(seeds, true, (seed) -> 100 * slow[seed].shareWithin(TimeUnit.SECONDS.toNanos(1))),
				Spread.of(seeds, false, (seed) -> (double) slow[seed].percentile(0.999) / calm[seed].percentile(0.999)),
				failing(alone, seeds), (ejecting != null) ? failing(ejecting, seeds) : null);
	}

	private static Spread failing(Contender contender, int seeds) {
		Outcome[] outcomes = simulate(contender, 10, 15, Disturbance.FAILING_FAST, seeds);
		return Spread.of(seeds, false, (seed) -> 100 * outcomes[seed].disturbedShare());
	}

	private static Outcome[] simulate(Contender contender, int instances, long medianMillis, Disturbance disturbance,
			int seeds) {
		return IntStream.range(0, seeds)
			.mapToObj((seed) -> new Simulation(contender, instances, TimeUnit.MILLISECONDS.toNanos(medianMillis),
					disturbance, seed)
				.run())
			.toArray(Outcome[]::new);
	}

	private static long weightError(Contender contender) {
		long[] counts = counts(contender, WEIGHTED, CYCLES * WEIGHTED.stream().mapToInt(Instance::weight).sum());
		return WEIGHTED.stream()
			.mapToLong((instance) -> Math.abs(counts[instance.id()] - (long) instance.weight() * CYCLES))
			.max()
			.orElseThrow();
	}

	private static long[] counts(Contender contender, List<Instance> fleet, int calls) {
		Caller caller = caller(contender, fleet);
		long[] counts = new long[fleet.size()];
		for (int i = 0; i < calls; i++) {
			counts[instance(caller, i)]++;
		}
		return counts;
	}

	private static Caller caller(Contender contender, List<Instance> fleet) {
		return contender.maker().make(fleet, () -> 0, new SplittableRandom(0));
	}

	private static int instance(Caller caller, int key) {
		Caller.Call call = caller.begin(new Request("user-" + key));
		call.end(false);
		return call.instance();
	}

	static String table(List<Row> rows) {
		StringBuilder table = new StringBuilder("""
				| policy | keys of 10 | keys of 100 | keys of 1,000 | uneven calls | off weights \
				| slow: % within 1 s | slow: p99.9 ratio | % to failing, policy alone | % to failing, with ejection |
				|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
				""");
		rows.forEach((row) -> table.append(line(row)));
		table.append("| ideal hash |");
		IntStream.of(FLEETS).forEach((size) -> table.append(text(new Affinity(idealMaxToMean(size), 1))));
		return table.append(" | | | | | |").append(System.lineSeparator()).toString();
	}

	private static String line(Row row) {
		StringBuilder line = new StringBuilder("| ").append(row.name()).append(" |");
		for (int i = 0; i < FLEETS.length; i++) {
			line.append(row.affinities().isEmpty() ? " |" : text(row.affinities().get(i)));
		}
		Behaviour behaviour = row.behaviour();
		if (behaviour == null) {
			line.append(" | | | | | |");
		}
		else {
			Spread ejected = behaviour.failingEjected();
			line.append(" %d | %d | %s | %s | %s | %s |".formatted(behaviour.unevenness(), behaviour.weightError(),
					behaviour.withinSecond().text("%.3f"), behaviour.tailRatio().text("%.2f"),
					behaviour.failing().text("%.3f"), (ejected != null) ? ejected.text("%.3f") : ""));
		}
		return line.append(System.lineSeparator()).toString();
	}

	private static String text(Affinity affinity) {
		return String.format(Locale.ROOT, " %.3f, %.3f |", affinity.maxToMean(), affinity.moved());
	}

}
