package com.example.benchmarks.edge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import com.example.benchmarks.Rounds;
import com.example.benchmarks.Rounds.Figures;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How many requests the gateway passes on with one core, and how late the last of them
 * are, beside nginx and Spring Cloud Gateway as they come. Prints one table. Needs
 * {@code wrk}, {@code nginx} and {@code taskset}.
 */
@Command(name = "./dev bench gateway", description = "How fast the gateway is beside others.")
public final class GatewayPath implements Callable<Integer> {

	private static final int WARM_UP_STEP = 10;

	private static final int MOST_WARM_UP_STEPS = 60;

	private static final Map<String, String> DEBIAN_PACKAGES = Map.of("wrk", "wrk", "nginx", "nginx", "taskset",
			"util-linux");

	@Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Rounds that count.")
	private int rounds;

	@Option(names = "--seconds", paramLabel = "N", defaultValue = "10",
			description = "Seconds that each contender is asked in a round.")
	private int seconds;

	@Option(names = "--warm-up", paramLabel = "N", defaultValue = "120",
			description = "Least seconds that each JVM is asked before.")
	private int warmUp;

	@Option(names = "--only", paramLabel = "NAME",
			description = "Measures that contender alone, one of ${COMPLETION-CANDIDATES}. Can be repeated.")
	private List<Contender> contenders = List.of(Contender.values());

	/**
	 * Runs the benchmark.
	 * @param arguments {@code --rounds N}, {@code --seconds N}, {@code --warm-up N},
	 * {@code --only NAME}
	 */
	public static void main(String... arguments) {
		System.exit(new CommandLine(new GatewayPath()).setExecutionExceptionHandler((ex, command, parsed) -> {
			if (!(ex instanceof LocalSystemException)) {
				throw ex;
			}
			command.getErr().println(ex.getMessage());
			return CommandLine.ExitCode.SOFTWARE;
		}).execute(arguments));
	}

	@Override
	public Integer call() throws Exception {
		if (rounds < 1 || seconds < 1) {
			throw new LocalSystemException("--rounds and --seconds must be 1 or more.");
		}
		requirePrograms();
		Path folder = Files.createTempDirectory("gateway-path");
		System.err.println("Logs of the processes are in " + folder);
		Edge edge = new Edge(folder);
		List<Rounds.Round> measured = new ArrayList<>();
		for (Contender contender : contenders) {
			int port = edge.start(contender);
			if (contender.isJvm()) {
				warmUp(contender, port);
			}
			measured.add(() -> measure(contender, port, seconds));
		}
		double[][][] figures = Rounds.measure(1, rounds, measured.toArray(Rounds.Round[]::new));
		System.out.println(table(figures));
		return CommandLine.ExitCode.OK;
	}

	// A JVM that is busy and has one core compiles for minutes. It is warm when it has
	// not
	// become faster three times.
	private void warmUp(Contender contender, int port) {
		double best = 0;
		int same = 0;
		for (int i = 0; i < MOST_WARM_UP_STEPS && (i * WARM_UP_STEP < warmUp || same < 3); i++) {
			double rate = measure(contender, port, WARM_UP_STEP)[0];
			same = (rate > 1.03 * best) ? 0 : same + 1;
			best = Math.max(best, rate);
		}
	}

	private static double[] measure(Contender contender, int port, int seconds) {
		double[] figures = Wrk.run(port, seconds);
		System.err.printf(Locale.ROOT, "%s: %.0f requests/s, p99 %.2f ms%n", contender, figures[0], figures[1]);
		return figures;
	}

	private String table(double[][][] figures) {
		StringBuilder table = new StringBuilder("""
				| contender | requests/s | p99, ms | requests/s × bare | p99 × bare | target | holds |
				|---|---:|---:|---:|---:|---|---|
				""");
		int bare = contenders.indexOf(Contender.BARE);
		for (int i = 0; i < figures.length; i++) {
			double[][] peer = figures[Math.max(bare, 0)];
			Figures rate = Figures.of(figures[i], peer, 0);
			Figures p99 = Figures.of(figures[i], peer, 1);
			table.append(String.format(Locale.ROOT, "| %s | %.0f | %.2f |", contenders.get(i), rate.own(), p99.own()));
			table.append((bare < 0) ? " | | | |\n" : String.format(Locale.ROOT, " %.2f | %.2f | %s |\n", rate.ratio(),
					p99.ratio(), target(contenders.get(i), rate, p99)));
		}
		return table.toString();
	}

	private static String target(Contender contender, Figures rate, Figures p99) {
		return switch (contender) {
			case OURS -> "requests/s ≥ 1.3 × bare, the aim is 2 × | " + yesOrNo(rate.ratio() >= 1.3);
			case OURS_ALL_ON ->
				"requests/s ≥ 0.85 × bare, p99 no higher | " + yesOrNo(rate.ratio() >= 0.85 && p99.own() <= p99.peer());
			default -> "|";
		};
	}

	private static String yesOrNo(boolean holds) {
		return holds ? "yes" : "no";
	}

	private static void requirePrograms() {
		if (OperatingSystem.current() != OperatingSystem.LINUX) {
			throw new LocalSystemException("Only Linux can keep a process on one core. Run this on Linux.");
		}
		if (Runtime.getRuntime().availableProcessors() < 2) {
			throw new LocalSystemException("This needs two cores: one for the gateway, one for its load.");
		}
		List<String> missing = DEBIAN_PACKAGES.keySet()
			.stream()
			.filter((program) -> OperatingSystem.LINUX.onPath(program).isEmpty())
			.sorted()
			.toList();
		if (!missing.isEmpty()) {
			throw new LocalSystemException(
					"Not on the PATH, to which /usr/sbin belongs for nginx: %s. Install what is missing: apt-get install %s"
						.formatted(String.join(", ", missing),
								String.join(" ", missing.stream().map(DEBIAN_PACKAGES::get).toList())));
		}
	}

}
