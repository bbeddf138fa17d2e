package com.example.launcher.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.launcher.LocalSystem;
import com.example.launcher.build.ApplicationPorts;
import com.example.launcher.build.Workspace;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;
import com.example.launcher.process.WriteFailure;
import com.sun.management.OperatingSystemMXBean;

/**
 * Looks at what the local system needs of this machine. Changes nothing. What is still to
 * be fetched, its server is asked for.
 */
public final class Doctor {

	private static final long MIB = 1024 * 1024;

	private static final long DISK = 3 * 1024 * MIB;

	private static final long TEMPORARY = 500 * MIB;

	private static final long MEMORY = 2 * 1024 * MIB;

	private static final Pattern MAVEN = Pattern.compile("Apache Maven (\\d+)\\.(\\d+)\\.(\\d+)[\\w.-]*");

	private static final int[] OLDEST_MAVEN = { 3, 8, 7 };

	private static final String OTHER_MAVEN = "Install Maven 3.8.7 or newer, or take it off the PATH: ./mvnw brings its own.";

	private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s*(\\d+) kB");

	private final Workspace workspace;

	private final Path state;

	private final IntPredicate free;

	/**
	 * @param state folder for state, logs and data
	 * @param free whether a server could listen on a port
	 */
	public Doctor(Workspace workspace, Path state, IntPredicate free) {
		this.workspace = workspace;
		this.state = state;
		this.free = free;
	}

	/** What was found, in the order in which a start needs it. */
	public List<Finding> findings() {
		List<Finding> all = new ArrayList<>();
		all.add(Finding.ok("JDK", "%s at %s".formatted(Runtime.version(), System.getProperty("java.home"))));
		all.add(maven());
		all.add(folder("folder", workspace.root(), WriteFailure.CLONE));
		if (Files.exists(state)) {
			all.add(folder("state", state, WriteFailure.STATE));
		}
		all.add(room("disk", workspace.root(), DISK));
		all.add(room("temporary files", Path.of(System.getProperty("java.io.tmpdir")), TEMPORARY));
		all.add(memory());
		all.add(consul());
		all.add(postgres());
		boolean runs = LocalSystem.isRunning(workspace.root(), state);
		all.addAll(runs ? List.of(Finding.ok("system", "runs; './dev status' shows it")) : ports());
		List<String> leftovers = LocalSystem.leftovers(state);
		if (!runs && !leftovers.isEmpty()) {
			all.add(Finding.wrong("leftovers",
					String.join(", ", leftovers) + " run without a system. './dev down' stops them."));
		}
		all.add(OperatingSystem.current().onPath("git").isPresent() ? Finding.ok("git", "is there")
				: Finding.note("git", "is not on the PATH: './dev new', 'remove' and 'rename' need it. Install it."));
		return all;
	}

	private Finding maven() {
		Path maven = workspace.maven();
		if (maven.getFileName().toString().startsWith("mvnw")) {
			return Finding.note("Maven",
					"is not on the PATH: ./mvnw fetches one at its first start. Behind a slow or closed network, set MVNW_REPOURL to a mirror, or install Maven.");
		}
		try {
			return maven(maven, Programs.run(List.of(maven.toString(), "-v")));
		}
		catch (LocalSystemException ex) {
			return Finding.wrong("Maven", "%s does not run (%s). %s".formatted(maven,
					String.valueOf(ex.getMessage()).lines().findFirst().orElse(""), OTHER_MAVEN));
		}
	}

	static Finding maven(Path maven, String output) {
		Matcher version = MAVEN.matcher(output);
		if (!version.find()) {
			return Finding.wrong("Maven", "%s tells no version. %s".formatted(maven, OTHER_MAVEN));
		}
		int[] parts = Stream.of(1, 2, 3).mapToInt((group) -> Integer.parseInt(version.group(group))).toArray();
		return (Arrays.compare(parts, OLDEST_MAVEN) >= 0) ? Finding.ok("Maven", version.group() + " at " + maven)
				: Finding.wrong("Maven", "%s is too old. %s".formatted(version.group(), OTHER_MAVEN));
	}

	/**
	 * What is built goes into the folder of the repository, what is kept into that of the
	 * state.
	 */
	static Finding folder(String thing, Path folder, String elsewhere) {
		try {
			Files.delete(Files.createTempFile(folder, ".doctor", ""));
			return Finding.ok(thing, folder + " can be written");
		}
		catch (IOException ex) {
			return Finding.wrong(thing, String.valueOf(WriteFailure.of(folder, ex, elsewhere).getMessage()));
		}
	}

	static Finding room(String thing, Path folder, long needed) {
		try {
			long usable = Files.getFileStore(folder).getUsableSpace();
			return (usable >= needed) ? Finding.ok(thing, "%,d MiB free for %s".formatted(usable / MIB, folder))
					: Finding.wrong(thing, "only %,d MiB free for %s. %,d are needed: make room."
						.formatted(usable / MIB, folder, needed / MIB));
		}
		catch (IOException ex) {
			return Finding.wrong(thing, "%s cannot be looked at (%s). Check who owns it.".formatted(folder, ex));
		}
	}

	private static Finding memory() {
		long available = available();
		return (available >= MEMORY) ? Finding.ok("memory", "%,d MiB available".formatted(available / MIB)) : Finding
			.note("memory",
					"%,d MiB available; the whole takes about 1,500, and a build 600 more. End other programs, or start the small system: './dev up --small'."
						.formatted(available / MIB));
	}

	private static long available() {
		try {
			Matcher found = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
			if (found.find()) {
				return Long.parseLong(found.group(1)) * 1024;
			}
		}
		catch (IOException ex) {
			// Not Linux.
		}
		return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
	}

	private static Finding postgres() {
		try {
			PostgresServer.requireUser();
			return Finding.ok("PostgreSQL", "comes with the launcher; none needs to be installed");
		}
		catch (LocalSystemException ex) {
			return Finding.wrong("PostgreSQL", String.valueOf(ex.getMessage()));
		}
	}

	private static Finding consul() {
		try {
			ConsulBinary consul = new ConsulBinary();
			return consul.find()
				.map((file) -> Finding.ok("Consul", file.toString()))
				.orElseGet(() -> Finding.note("Consul",
						"is fetched at the first start: %s. Behind a slow or closed network, set DEV_CONSUL_MIRROR to a mirror of releases.hashicorp.com, or install consul so that it is on the PATH."
							.formatted(consul.reachability())));
		}
		catch (LocalSystemException ex) {
			return Finding.wrong("Consul", String.valueOf(ex.getMessage()));
		}
	}

	/** A port that is taken is replaced by a free one. */
	private List<Finding> ports() {
		List<String> taken = new ArrayList<>();
		Stream.concat(Stream.of("gateway", "config-server").filter(workspace::has), workspace.services().stream())
			.forEach((application) -> {
				ApplicationPorts ports = workspace.ports(application);
				Stream.of(ports.http(), ports.grpc(), ports.management())
					.filter((port) -> port != 0 && !free.test(port))
					.forEach((port) -> taken.add(port + " (" + application + ")"));
			});
		return List.of(taken.isEmpty() ? Finding.ok("ports", "the usual ones are free") : Finding.note("ports",
				"taken by others: %s. './dev up' uses free ones instead and prints them; './dev up --port N' chooses the gateway's."
					.formatted(String.join(", ", taken))));
	}

}
