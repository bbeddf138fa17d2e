package com.example.launcher.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import com.example.launcher.build.FailedTests;
import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/**
 * Commands that hand over to Maven or to a benchmark, with whatever else is on the line.
 */
final class MavenCommands {

	private MavenCommands() {
	}

	/**
	 * {@code ./dev test}.
	 */
	@Command(name = "test",
			description = "Runs all tests and checks, or only those of the modules that are named first: mvn verify. Takes Maven's arguments.")
	static final class Test extends Handover {

		@Override
		public Integer call() {
			Workspace workspace = new Workspace(root());
			List<String> modules = names().stream().map(workspace::moduleNamed).toList();
			if (modules.isEmpty()) {
				return verify(workspace);
			}
			// What is compiled for them has tests of its own, which this list lacks.
			List<String> tests = modules.stream().flatMap((module) -> workspace.tests(module).stream()).toList();
			if (tests.isEmpty()) {
				throw new LocalSystemException(String.join(", ", modules) + " has no tests.");
			}
			// Who is still trying things out formats them later.
			return verify(workspace, "-am", "-pl", String.join(",", modules), "-Dsurefire.includesFile=" + file(tests),
					"-Dsurefire.failIfNoSpecifiedTests=false", "-Dspring-javaformat.skip=true");
		}

		/** Maven's last lines name the module that failed; these, the tests. */
		private int verify(Workspace workspace, String... selection) {
			Instant start = Instant.now();
			int exitCode = toMaven(Stream.concat(Stream.of("verify"), Stream.of(selection)).toArray(String[]::new));
			if (exitCode != 0) {
				List<String> failed = FailedTests.since(start, workspace);
				failed.forEach((test) -> System.err.println("Failed: " + test));
				if (failed.isEmpty() && exitCode == 1) {
					System.err
						.println("No test failed. What stopped the build stands above; './dev format' formats code.");
				}
			}
			return exitCode;
		}

		private static Path file(List<String> lines) {
			try {
				Path file = Files.write(Files.createTempFile("tests", ".txt"), lines);
				file.toFile().deleteOnExit();
				return file;
			}
			catch (IOException ex) {
				throw new LocalSystemException(
						"No temporary file can be written (%s). Make room on the disk.".formatted(ex), ex);
			}
		}

	}

	/**
	 * {@code ./dev format}.
	 */
	@Command(name = "format", description = "Formats all Java sources. Takes Maven's arguments.")
	static final class Format extends Handover {

		@Override
		public Integer call() {
			return toMaven("spring-javaformat:apply");
		}

	}

	/**
	 * {@code ./dev bench}. It builds in a folder of its own, so that a running system
	 * keeps what it was started from.
	 */
	@Command(name = "bench", description = "Builds and runs a benchmark. What follows its name goes to it.")
	static final class Bench extends Handover {

		@Parameters(paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}.")
		@SuppressWarnings("NullAway.Init") // set by picocli
		private Benchmark benchmark;

		@Override
		public Integer call() {
			Path root = root();
			int built = run(root, List.of(new Workspace(root).maven().toString(), "-q", "-B", "-Prun",
					"-Drun.folder=target/bench", "-pl", benchmark.modules, "-am", benchmark.phase));
			if (built != 0) {
				return built;
			}
			Path output = root.resolve("benchmarks/target/bench");
			return run(root,
					after(OperatingSystem.current().java().toString(), "-cp",
							output.resolve("classes") + File.pathSeparator + classPath(output.resolve("class-path")),
							benchmark.mainClass));
		}

	}

	private static String classPath(Path file) {
		try {
			return Files.readString(file).strip();
		}
		catch (IOException ex) {
			throw new LocalSystemException("The benchmarks' class path cannot be read (%s).".formatted(ex), ex);
		}
	}

	/** Runs a program that talks to the person at the terminal itself, to its end. */
	private static int run(Path folder, List<String> command) {
		try {
			return new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new LocalSystemException("Cannot run %s (%s).".formatted(command.get(0), ex.getMessage()), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LocalSystemException("Interrupted while %s ran.".formatted(command.get(0)), ex);
		}
	}

	/**
	 * A command whose unknown arguments are for another program. picocli looks for those
	 * in the command alone, not in its mixins.
	 */
	private abstract static class Handover implements Callable<Integer> {

		@Mixin
		private final Invocation invocation = new Invocation();

		@Unmatched
		private List<String> arguments = new ArrayList<>();

		final Path root() {
			return invocation.root();
		}

		/** Takes away the arguments that stand before the first option. */
		final List<String> names() {
			List<String> names = arguments.stream().takeWhile((argument) -> !argument.startsWith("-")).toList();
			arguments = arguments.subList(names.size(), arguments.size());
			return names;
		}

		final int toMaven(String... goal) {
			List<String> command = after(goal);
			command.add(0, new Workspace(root()).maven().toString());
			return run(root(), command);
		}

		/** The command with the arguments after it. */
		final List<String> after(String... command) {
			List<String> all = new ArrayList<>(List.of(command));
			all.addAll(arguments);
			return all;
		}

	}

	/**
	 * What can be run.
	 */
	enum Benchmark {

		/** What it costs to choose an instance. */
		PICKS("com.example.benchmarks.balancing.Picks"),

		/** How well calls and keys are spread. */
		QUALITY("com.example.benchmarks.balancing.PolicyQuality"),

		/** What gRPC costs over the whole path. */
		PATH("com.example.benchmarks.path.GrpcPath"),

		/** How soon callers follow what happens to instances. */
		PROPAGATION("com.example.benchmarks.propagation.Propagation"),

		/** How soon a saved configuration reaches many instances, and what that costs. */
		CONFIG("com.example.benchmarks.configuration.FanOut"),

		/** What the same call costs over gRPC and as JSON. */
		JSON("com.example.benchmarks.encoding.JsonAndGrpc"),

		/** How many jobs run in a second, and how late, beside db-scheduler. */
		JOBS("com.example.benchmarks.jobs.JobThroughput"),

		/** How fast the gateway is beside others. It needs jars. */
		GATEWAY("com.example.benchmarks.edge.GatewayPath", "benchmarks,benchmarks/bare-gateway,gateway", "package");

		private final String mainClass;

		private final String modules;

		private final String phase;

		Benchmark(String mainClass) {
			this(mainClass, "benchmarks", "process-classes");
		}

		Benchmark(String mainClass, String modules, String phase) {
			this.mainClass = mainClass;
			this.modules = modules;
			this.phase = phase;
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
