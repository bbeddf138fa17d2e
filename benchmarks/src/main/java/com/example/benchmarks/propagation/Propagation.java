package com.example.benchmarks.propagation;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

import com.example.benchmarks.Delays;
import com.example.benchmarks.Processes;
import com.example.benchmarks.propagation.Fleet.Instance;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.process.FreePorts;

/**
 * How soon a caller follows what happens to instances: real processes and one real Consul
 * agent, the starters beside Spring Cloud Consul's defaults. Prints one table.
 */
public final class Propagation {

	private static final String WITHOUT_PEER = "--without-spring-cloud";

	// Longer than every period at which something is checked, so that the moments are
	// spread evenly over it.
	private static final Duration STARTERS_PERIOD = Duration.ofSeconds(1);

	private static final Duration SPRING_CLOUD_PERIOD = Duration.ofSeconds(36);

	private static final Duration STARTERS_LIMIT = Duration.ofSeconds(20);

	private static final Duration SPRING_CLOUD_LIMIT = Duration.ofSeconds(60);

	private static final int REPEATS = 20;

	private static final int SPRING_CLOUD_REPEATS = 3;

	private static final int AT_A_TIME = 8;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "propagation");
		thread.setDaemon(true);
		return thread;
	});

	private Propagation() {
	}

	/**
	 * Runs the benchmark.
	 * @param arguments {@code --without-spring-cloud} leaves the peer out
	 * @throws Exception when a process does not start or does not do as it is told
	 */
	public static void main(String... arguments) throws Exception {
		Processes processes = new Processes();
		FreePorts ports = new FreePorts(new Random());
		Path folder = Files.createTempDirectory("propagation");
		System.err.println("Logs of the processes are in " + folder);
		ConsulAgent consul = startConsul(processes, ports, folder.resolve("consul.log"));
		Agent agent = new Agent(consul.address(), HttpClient.newHttpClient());
		Propagation propagation = new Propagation();
		Trial starters = new Trial(Side.STARTERS, agent,
				new Fleet(Side.STARTERS, consul.port(), ports, processes, folder), STARTERS_LIMIT);
		propagation.runStarters(starters);
		List<Trial> trials = new ArrayList<>(List.of(starters));
		if (!List.of(arguments).contains(WITHOUT_PEER)) {
			System.err.println(table(trials));
			Trial springCloud = new Trial(Side.SPRING_CLOUD, agent,
					new Fleet(Side.SPRING_CLOUD, consul.port(), ports, processes, folder), SPRING_CLOUD_LIMIT);
			propagation.runSpringCloud(springCloud);
			trials.add(springCloud);
		}
		System.out.println(table(trials));
	}

	private static ConsulAgent startConsul(Processes processes, FreePorts ports, Path log) {
		Path binary = new ConsulBinary().locate(System.err::println);
		return processes.start(() -> ConsulAgent.start(binary, ports.next(), ports, log), ConsulAgent::close)
			.awaitReady();
	}

	private void runStarters(Trial trial) throws InterruptedException, ExecutionException {
		List<Instance> lasting = prepare(trial, 3);
		lasting.forEach(trial::admit);
		// One of three is left to be called.
		inParallel(2, (number) -> {
			for (int i = 0; i < REPEATS / 2; i++) {
				pause(STARTERS_PERIOD);
				trial.halt(lasting.get(number));
				trial.resume(lasting.get(number));
			}
		});
		// They start together, and live one after the other when the processor is idle.
		for (int i = 0; i < 2 * REPEATS / AT_A_TIME; i++) {
			boolean even = true;
			for (Instance instance : prepare(trial, AT_A_TIME)) {
				trial.admit(instance);
				pause(STARTERS_PERIOD);
				if (even) {
					trial.terminate(instance);
				}
				else {
					trial.kill(instance);
				}
				even = !even;
			}
		}
	}

	// What takes a minute happens to all instances at a time, each at another moment of
	// the period.
	private void runSpringCloud(Trial trial) throws InterruptedException, ExecutionException {
		trial.admit(trial.prepare());
		inParallel(3 * SPRING_CLOUD_REPEATS, (number) -> {
			Thread.sleep(number * SPRING_CLOUD_PERIOD.toMillis() / (3 * SPRING_CLOUD_REPEATS));
			Instance instance = trial.prepare();
			trial.admit(instance);
			Thread.sleep(number / 3 * SPRING_CLOUD_PERIOD.toMillis() / SPRING_CLOUD_REPEATS);
			switch (number % 3) {
				case 0 -> trial.terminate(instance);
				case 1 -> trial.kill(instance);
				default -> trial.halt(instance);
			}
		});
	}

	private List<Instance> prepare(Trial trial, int count) throws InterruptedException, ExecutionException {
		List<Instance> prepared = new CopyOnWriteArrayList<>();
		inParallel(count, (number) -> prepared.add(trial.prepare()));
		return prepared;
	}

	private void inParallel(int times, Step step) throws InterruptedException, ExecutionException {
		List<Future<?>> steps = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			int number = i;
			steps.add(threads.submit(() -> {
				step.run(number);
				return null;
			}));
		}
		for (Future<?> running : steps) {
			running.get();
		}
	}

	private static void pause(Duration longest) throws InterruptedException {
		Thread.sleep(ThreadLocalRandom.current().nextLong(longest.toMillis()));
	}

	private static String table(List<Trial> trials) {
		StringBuilder table = new StringBuilder("| from | to | target |");
		StringBuilder line = new StringBuilder("|---|---|---:|");
		for (Trial trial : trials) {
			table.append(" %s: p50 | p99 | repeats |".formatted(trial.side().title()));
			line.append("---:|---:|---:|");
		}
		table.append("\n").append(line).append("\n");
		for (Measure measure : Measure.values()) {
			Duration target = measure.target();
			table.append("| %s | %s | %s |".formatted(measure.from(), measure.to(),
					(target != null) ? seconds(target.toNanos()) : ""));
			for (Trial trial : trials) {
				Delays delays = trial.of(measure);
				table.append(" %s | %s | %d |".formatted(delay(delays, 0.5, trial), delay(delays, 0.99, trial),
						delays.count()));
			}
			table.append("\n");
		}
		return table.toString();
	}

	private static String delay(Delays delays, double share, Trial trial) {
		if (delays.count() == 0) {
			return "";
		}
		long nanos = delays.percentile(share);
		return (nanos == Delays.NEVER) ? "> " + trial.limit().toSeconds() + " s" : seconds(nanos);
	}

	private static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
	}

	/**
	 * Something done several times at once.
	 */
	@FunctionalInterface
	private interface Step {

		void run(int number) throws InterruptedException;

	}

}
