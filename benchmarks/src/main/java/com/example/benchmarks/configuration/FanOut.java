package com.example.benchmarks.configuration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.example.benchmarks.Delays;
import com.example.benchmarks.Processes;
import com.example.launcher.build.ApplicationImage;
import com.example.launcher.build.MavenBuild;
import com.example.launcher.build.Workspace;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.ProcessIdentity;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * How soon a saved file is in effect on many instances, and what that costs the config
 * server: a real config server as a process, one real Consul agent, and the starter's own
 * code for each instance, all instances in this JVM. Prints one table.
 */
public final class FanOut {

	private static final int INSTANCES = 100;

	private static final int SAVES = 50;

	// The first ones load and compile what later ones only run.
	private static final int WARM_UP_SAVES = 20;

	private static final int LONGEST_PAUSE_MILLIS = 500;

	private static final Duration IDLE = Duration.ofSeconds(10);

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

	private final Path configuration;

	private final ProcessHandle server;

	private final Arrivals arrivals = new Arrivals();

	private final Random random = new Random(1);

	private int version;

	private FanOut(Path configuration, ProcessHandle server) {
		this.configuration = configuration;
		this.server = server;
	}

	/**
	 * Runs the benchmark.
	 * @param arguments none
	 * @throws Exception when a process does not start or does not do as it is told
	 */
	public static void main(String... arguments) throws Exception {
		LoggingSystem.get(FanOut.class.getClassLoader()).setLogLevel("com.example.platform", LogLevel.WARN);
		Processes processes = new Processes();
		FreePorts ports = new FreePorts(new Random());
		Path folder = Files.createTempDirectory("fan-out");
		System.err.println("Logs of the processes are in " + folder);
		Path configuration = Files.createDirectory(folder.resolve("config-repo"));
		write(configuration, 0);
		Path consulBinary = new ConsulBinary().locate(System.err::println);
		ConsulAgent agent = processes
			.start(() -> ConsulAgent.start(consulBinary, ports.next(), ports, folder.resolve("consul.log")),
					ConsulAgent::close)
			.awaitReady();
		URI address = URI.create("http://127.0.0.1:" + ports.next());
		ChildProcess server = startConfigServer(processes, address, agent, folder);
		FanOut fanOut = new FanOut(configuration, ProcessHandle.of(server.identity().pid()).orElseThrow());
		List<SimulatedInstance> instances = new ArrayList<>();
		for (int i = 1; i <= INSTANCES; i++) {
			instances.add(SimulatedInstance.start(i, agent.address(), address, folder.resolve("snapshots"),
					fanOut.arrivals::applied));
		}
		System.err.println(INSTANCES + " instances watch");
		fanOut.run();
		instances.parallelStream().forEach(SimulatedInstance::close);
	}

	private static ChildProcess startConfigServer(Processes processes, URI address, ConsulAgent agent, Path folder) {
		Workspace workspace = new Workspace(Path.of("").toAbsolutePath());
		new MavenBuild(workspace, workspace.root().resolve(".dev/bench")).buildIfStale(List.of("config-server"),
				System.err::println);
		ApplicationImage image = ApplicationImage.unpacked(workspace.jar("config-server", false),
				workspace.root().resolve(".dev/images"));
		Map<String, String> environment = Map.of("SERVER_ADDRESS", "127.0.0.1", "SERVER_PORT",
				Integer.toString(address.getPort()), "SPRING_CLOUD_CONSUL_HOST", "127.0.0.1",
				"SPRING_CLOUD_CONSUL_PORT", Integer.toString(agent.port()), "SPRING_CLOUD_CONSUL_DISCOVERY_HOSTNAME",
				"127.0.0.1", "PLATFORM_CONFIG_SERVER_DIRECTORY", folder.resolve("config-repo").toString(),
				"PLATFORM_CONFIG_SERVER_HISTORY", folder.resolve("history.git").toString());
		ChildProcess server = processes.start(
				() -> ChildProcess.start("config-server", image.command(folder, null, false), environment,
						image.folder(), folder.resolve("config-server.log")),
				(running) -> running.stop(ProcessIdentity.Signal.TERM, Duration.ofSeconds(10)));
		HttpClient http = HttpClient.newHttpClient();
		server.awaitReady(START_TIMEOUT, () -> isReady(http, address));
		return server;
	}

	private static boolean isReady(HttpClient http, URI address) {
		try {
			return http
				.send(HttpRequest.newBuilder(address.resolve("/actuator/health/readiness")).build(),
						BodyHandlers.discarding())
				.statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void run() throws Exception {
		for (int i = 0; i < WARM_UP_SAVES; i++) {
			save();
		}
		long idleBefore = processorNanos();
		TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
		double idle = (double) (processorNanos() - idleBefore) / IDLE.toNanos();
		Delays first = new Delays();
		Delays last = new Delays();
		long begun = System.nanoTime();
		long before = processorNanos();
		for (int i = 0; i < SAVES; i++) {
			long saved = save();
			first.add(saved, arrivals.firstAt());
			last.add(saved, arrivals.lastAt());
		}
		long used = processorNanos() - before - (long) (idle * (System.nanoTime() - begun));
		System.out.printf(Locale.ROOT, "%d instances, %d saves:%n%n| from | to | p50 | p99 |%n|---|---|---:|---:|%n",
				INSTANCES, SAVES);
		print("in effect on the first instance", first);
		print("in effect on the last instance", last);
		System.out.printf(Locale.ROOT,
				"%nThe config server's processor time: %.1f ms a save, %.1f s for all; %.1f ms a second while nothing changes.%n",
				used / 1e6 / SAVES, used / 1e9, idle * 1e3);
	}

	private static void print(String to, Delays delays) {
		System.out.printf(Locale.ROOT, "| saved | %s | %.0f ms | %.0f ms |%n", to, delays.percentile(0.5) / 1e6,
				delays.percentile(0.99) / 1e6);
	}

	/**
	 * Saves the next version and waits until every instance has it.
	 * @return when it was saved
	 */
	private long save() throws Exception {
		version++;
		arrivals.expect(version);
		long saved = System.nanoTime();
		write(configuration, version);
		arrivals.await();
		// What the instances report and keep has time to come to its end.
		Thread.sleep(LONGEST_PAUSE_MILLIS / 2 + random.nextInt(LONGEST_PAUSE_MILLIS / 2));
		return saved;
	}

	private static void write(Path folder, int version) throws IOException {
		Files.writeString(folder.resolve("application.yml"), "sample:\n  version: %d\n".formatted(version));
	}

	private long processorNanos() {
		return server.info().totalCpuDuration().orElseThrow().toNanos();
	}

	/**
	 * When the present version arrived where. Thread-safe.
	 */
	private static final class Arrivals {

		private int expected;

		private int missing;

		private long first;

		private long last;

		synchronized void expect(int version) {
			expected = version;
			missing = INSTANCES;
			first = Delays.NEVER;
		}

		synchronized void applied(int version) {
			if (version == expected && missing > 0) {
				last = System.nanoTime();
				first = Math.min(first, last);
				missing--;
				notifyAll();
			}
		}

		synchronized void await() throws InterruptedException {
			long deadline = System.nanoTime() + TIMEOUT.toNanos();
			while (missing > 0) {
				long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
				if (left <= 0) {
					throw new IllegalStateException(
							missing + " instances have not taken version " + expected + " over in time");
				}
				wait(left);
			}
		}

		synchronized long firstAt() {
			return first;
		}

		synchronized long lastAt() {
			return last;
		}

	}

}
