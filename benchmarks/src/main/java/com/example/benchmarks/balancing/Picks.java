package com.example.benchmarks.balancing;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link PickBenchmark} for all policies, prints one table and says which targets
 * hold.
 */
public final class Picks {

	private static final int[] INSTANCES = { 3, 10, 100, 1000 };

	private static final int[] THREADS = { 1, 2 };

	private static final int TARGET_INSTANCES = 10;

	private static final double CHOICE_NANOS = 80;

	private static final double CHOICE_RATIO = 20;

	private static final double CALL_NANOS = 200;

	private static final double CALL_RATIO = 3;

	private static final String QUICK = "--quick";

	private static final String CHOOSE = "choose";

	private static final String CALL = "call";

	// What the profiler itself allocates comes to less than this for a call.
	private static final double NO_BYTES = 0.05;

	private final Map<Case, Cost> costs = new HashMap<>();

	private final List<Contender> contenders = Contender.all();

	private final int[] instances;

	private Picks(int[] instances) {
		this.instances = instances;
	}

	private record Case(String policy, String method, int instances, int threads) {
	}

	private record Cost(double nanos, double bytes) {
	}

	/**
	 * Prints the table.
	 * @param arguments {@code --quick} for ten instances only
	 * @throws RunnerException if JMH cannot run
	 */
	public static void main(String... arguments) throws RunnerException {
		boolean quick = List.of(arguments).contains(QUICK);
		Picks picks = quick ? new Picks(new int[] { TARGET_INSTANCES }) : new Picks(INSTANCES);
		picks.run();
		System.out.println(picks.table());
		System.out.println(picks.targets());
	}

	private void run() throws RunnerException {
		System.out.printf(Locale.ROOT,
				"Measuring %d policies, some nine seconds for each and each number of instances%n", contenders.size());
		measure(CHOOSE, 1, TARGET_INSTANCES);
		for (int number : THREADS) {
			measure(CALL, number, instances);
		}
	}

	private void measure(String method, int number, int... sizes) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder().include(PickBenchmark.class.getName() + "\\." + method)
			.param("policy", contenders.stream().map(Contender::name).toArray(String[]::new))
			.param("instances", IntStream.of(sizes).mapToObj(Integer::toString).toArray(String[]::new))
			.threads(number)
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT)
			.shouldFailOnError(true)
			.timeout(TimeValue.minutes(1));
		record(new Runner(options.build()).run(), method, number);
	}

	private void record(Collection<RunResult> results, String method, int number) {
		for (RunResult result : results) {
			Result<?> bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
			costs.put(
					new Case(result.getParams().getParam("policy"), method,
							Integer.parseInt(result.getParams().getParam("instances")), number),
					new Cost(result.getPrimaryResult().getScore(), bytes.getScore()));
		}
	}

	private String table() {
		StringBuilder table = new StringBuilder("| policy | choice alone, N = %d |".formatted(TARGET_INSTANCES));
		StringBuilder line = new StringBuilder("|---|---:|");
		for (int number : THREADS) {
			for (int size : instances) {
				table.append(" N = %d, %d thread%s |".formatted(size, number, (number == 1) ? "" : "s"));
				line.append("---:|");
			}
		}
		table.append(" B/op |\n").append(line).append("---:|\n");
		for (Contender contender : contenders) {
			table.append("| ").append(contender.name()).append(" |");
			table.append(text(new Case(contender.name(), CHOOSE, TARGET_INSTANCES, 1)));
			for (int number : THREADS) {
				for (int size : instances) {
					table.append(text(new Case(contender.name(), CALL, size, number)));
				}
			}
			table.append(String.format(Locale.ROOT, " %.0f |%n", bytes(contender)));
		}
		return table.toString();
	}

	private String text(Case each) {
		return String.format(Locale.ROOT, " %.0f ns, %.1f × |", cost(each).nanos(), ratio(each));
	}

	private String targets() {
		return String.join(System.lineSeparator(),
				targets(CHOOSE, 1, new int[] { TARGET_INSTANCES }, CHOICE_NANOS, CHOICE_RATIO),
				targets(CALL, THREADS[THREADS.length - 1], instances, CALL_NANOS, CALL_RATIO),
				target("0 B/op everywhere", (contender) -> bytes(contender) < NO_BYTES));
	}

	private String targets(String method, int number, int[] sizes, double nanos, double ratio) {
		String where = "for every number of instances, threads: " + number;
		return String.join(System.lineSeparator(),
				target("%s: at most %.0f ns %s".formatted(method, nanos, where), (contender) -> IntStream.of(sizes)
					.allMatch((size) -> cost(new Case(contender.name(), method, size, number)).nanos() <= nanos)),
				target("%s: at least %.0f × as fast as %s %s".formatted(method, ratio,
						Contender.SPRING_CLOUD_ROUND_ROBIN.name(), where),
						(contender) -> IntStream.of(sizes)
							.allMatch((size) -> ratio(new Case(contender.name(), method, size, number)) >= ratio)));
	}

	private String target(String text, Predicate<Contender> holds) {
		List<String> missed = contenders.stream()
			.filter(Contender::own)
			.filter(holds.negate())
			.map(Contender::name)
			.toList();
		return text + ": " + (missed.isEmpty() ? "holds for every policy" : "missed by " + String.join(", ", missed));
	}

	private double ratio(Case own) {
		Case peer = new Case(Contender.SPRING_CLOUD_ROUND_ROBIN.name(), own.method(), own.instances(), own.threads());
		return cost(peer).nanos() / cost(own).nanos();
	}

	// The most of all numbers of instances and threads.
	private double bytes(Contender contender) {
		return costs.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().policy().equals(contender.name()))
			.mapToDouble((entry) -> entry.getValue().bytes())
			.max()
			.orElseThrow();
	}

	private Cost cost(Case each) {
		return Objects.requireNonNull(costs.get(each));
	}

}
