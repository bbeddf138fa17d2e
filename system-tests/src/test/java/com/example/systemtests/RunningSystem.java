package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.launcher.Instance;
import com.example.launcher.LocalSystem;
import com.example.launcher.LocalSystemOptions;
import com.example.launcher.cli.Dev;
import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.load.Connections;

/**
 * The whole system, started once for all system tests of this JVM on free ports, with a
 * Consul, a PostgreSQL and a copy of {@code config-repo/} of its own, so that it disturbs
 * nothing else on the machine. It stops when the JVM ends.
 */
final class RunningSystem {

	private static final Path FOLDER = Repository.ROOT.resolve("system-tests/target/system");

	private static final Path CONFIG_REPO = FOLDER.resolve("config-repo");

	private static final int CONSUL_SERVERS = Integer.getInteger("consul.servers", 1);

	private static final int WARM_UP_ROUNDS = 200;

	private static final LocalSystem SYSTEM = start();

	static {
		warmUp();
	}

	private RunningSystem() {
	}

	static LocalSystem system() {
		return SYSTEM;
	}

	static URI gateway() {
		return SYSTEM.gateway();
	}

	/**
	 * Replaces text in a file of the system's own configuration, as a person who edits
	 * and saves it.
	 */
	static void edit(String file, String before, String after) {
		Path path = CONFIG_REPO.resolve(file);
		try {
			String content = Files.readString(path);
			if (!content.contains(before)) {
				throw new IllegalArgumentException(file + " does not contain '" + before + "'");
			}
			Files.writeString(path, content.replace(before, after));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A file of the system's own configuration. */
	static Path configuration(String file) {
		return CONFIG_REPO.resolve(file);
	}

	/** The config server, as {@code ./dev config} asks it. */
	static ConfigServer configServer() {
		return configServer("config-server");
	}

	/** One of several config servers. */
	static ConfigServer configServer(String instance) {
		return new ConfigServer(SYSTEM.address(instance), null);
	}

	/**
	 * What a command of {@code ./dev} says about this system.
	 */
	static String dev(String... arguments) {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), "-Ddev.root=" + Repository.ROOT, Dev.class.getName()));
		command.addAll(List.of(arguments));
		command.addAll(List.of("--state", FOLDER.toString()));
		try {
			Process dev = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
			String said = new String(dev.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (dev.waitFor() != 0) {
				throw new IllegalStateException("./dev " + String.join(" ", arguments) + " failed: " + said);
			}
			return said;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Address at which an instance answers for its actuator. */
	static URI actuator(String instance) {
		Instance found = SYSTEM.instances()
			.stream()
			.filter((candidate) -> candidate.name().equals(instance))
			.findFirst()
			.orElseThrow();
		int port = (found.managementPort() != 0) ? found.managementPort() : found.port();
		return URI.create("http://127.0.0.1:" + port);
	}

	/** Process ids of those that run, by instance. */
	static Map<String, Long> processes() {
		return SYSTEM.instances()
			.stream()
			.filter((instance) -> instance.process() != null)
			.collect(Collectors.toMap(Instance::name, (instance) -> instance.process().pid()));
	}

	/**
	 * Adds up an instance's counter over all series of it that match.
	 * @param series regular expression for the series: name and labels
	 */
	static double counter(String instance, String series) {
		return counter(actuator(instance), series);
	}

	/** The same by the address at which an instance answers for its actuator. */
	static double counter(URI actuator, String series) {
		String metrics = Http.get(actuator, "/actuator/prometheus").body();
		Matcher matcher = Pattern.compile("^" + series + " ([0-9.eE+]+)$", Pattern.MULTILINE).matcher(metrics);
		double sum = 0;
		while (matcher.find()) {
			sum += Double.parseDouble(matcher.group(1));
		}
		return sum;
	}

	private static LocalSystem start() {
		try {
			Files.createDirectories(CONFIG_REPO);
			try (Stream<Path> files = Files.list(Repository.ROOT.resolve("config-repo"))) {
				for (Path file : (Iterable<Path>) files::iterator) {
					Files.writeString(CONFIG_REPO.resolve(file.getFileName().toString()), Files.readString(file));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return LocalSystem.start(
				LocalSystemOptions.isolated(Repository.ROOT, FOLDER, CONFIG_REPO).consulServers(CONSUL_SERVERS),
				System.out::println);
	}

	/**
	 * Lets the system answer some requests, two at a time. The first ones load and
	 * compile what later ones only run, which is not what the tests are about.
	 */
	private static void warmUp() {
		long userId = Http.createUser();
		try (Connections connections = new Connections(gateway(), Http.TIMEOUT)) {
			for (int i = 0; i < WARM_UP_ROUNDS; i++) {
				CompletableFuture.allOf(connections.send(Http.user(userId)), connections.send(Http.order(userId)))
					.join();
			}
		}
	}

}
