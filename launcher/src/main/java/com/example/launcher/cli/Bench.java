package com.example.launcher.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/**
 * {@code ./dev bench}. Builds in a folder of its own, so that a running system keeps what
 * it was started from.
 */
@Command(name = "bench", description = "Builds and runs a benchmark. What follows its name goes to it.")
final class Bench implements Callable<Integer> {

	private static final String MODULE = "benchmarks";

	private static final String FOLDER = "target/bench";

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Parameters(paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}.")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private Benchmark benchmark;

	@Unmatched
	private List<String> arguments = new ArrayList<>();

	Bench() {
	}

	@Override
	public Integer call() {
		Workspace workspace = new Workspace(folders.root());
		int built = Terminal.run(workspace.root(), List.of(workspace.maven().toString(), "-q", "-B", "-Prun",
				"-Drun.folder=" + FOLDER, "-pl", MODULE, "-am", "process-classes"));
		return (built != 0) ? built : Terminal.run(workspace.root(), command(workspace));
	}

	private List<String> command(Workspace workspace) {
		Path output = workspace.root().resolve(MODULE).resolve(FOLDER);
		Path java = Path.of(System.getProperty("java.home"), "bin", OperatingSystem.current().executable("java"));
		List<String> command = new ArrayList<>(List.of(java.toString(), "-cp",
				output.resolve("classes") + File.pathSeparator + classPath(output.resolve("class-path")),
				benchmark.mainClass));
		command.addAll(arguments);
		return command;
	}

	private static String classPath(Path file) {
		try {
			return Files.readString(file).strip();
		}
		catch (IOException ex) {
			throw new LocalSystemException("The benchmarks' class path cannot be read (%s).".formatted(ex), ex);
		}
	}

	/**
	 * What can be run.
	 */
	private enum Benchmark {

		/** What it costs to choose an instance. */
		PICKS("com.example.benchmarks.balancing.Picks"),

		/** How well calls and keys are spread. */
		QUALITY("com.example.benchmarks.balancing.PolicyQuality"),

		/** What gRPC costs over the whole path. */
		PATH("com.example.benchmarks.path.GrpcPath"),

		/** How soon callers follow what happens to instances. */
		PROPAGATION("com.example.benchmarks.propagation.Propagation"),

		/** How soon a saved configuration reaches many instances, and what that costs. */
		CONFIG("com.example.benchmarks.configuration.FanOut");

		private final String mainClass;

		Benchmark(String mainClass) {
			this.mainClass = mainClass;
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
