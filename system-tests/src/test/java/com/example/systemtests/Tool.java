package com.example.systemtests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * A program that some tests need and that not everybody has. Without it such a test is
 * reported as skipped; where the environment variable {@code CI} is {@code true}, it
 * fails.
 */
final class Tool {

	private final Path executable;

	private Tool(Path executable) {
		this.executable = executable;
	}

	/**
	 * Finds a program on the path.
	 * @param name of the executable
	 * @param debianPackage that has it
	 */
	static Tool onPath(String name, String debianPackage) {
		return find(name, debianPackage, System.getenv());
	}

	static Tool find(String name, String debianPackage, Map<String, String> environment) {
		Optional<Path> executable = Stream
			.of(environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
			.map((folder) -> Path.of(folder, name))
			.filter(Files::isExecutable)
			.findFirst();
		if (executable.isEmpty()) {
			String reason = "There is no " + name + " on the PATH. Debian has it in the package " + debianPackage + ".";
			if ("true".equals(environment.get("CI"))) {
				throw new AssertionError(reason);
			}
			Assumptions.abort(reason);
		}
		return new Tool(executable.orElseThrow());
	}

	/**
	 * Runs the program to its end.
	 */
	Result run(String... arguments) {
		return run(Map.of(), arguments);
	}

	/**
	 * Runs the program to its end with more environment variables.
	 */
	Result run(Map<String, String> environment, String... arguments) {
		List<String> command = new ArrayList<>(List.of(arguments));
		command.add(0, executable.toString());
		try {
			Path errors = Files.createTempFile("errors", ".txt");
			try {
				ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
				builder.environment().putAll(environment);
				Process process = builder.start();
				process.getOutputStream().close();
				String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
				return new Result(process.waitFor(), output, Files.readString(errors));
			}
			finally {
				Files.delete(errors);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for " + command, ex);
		}
	}

	/**
	 * What a run ended with.
	 */
	record Result(int exitCode, String output, String errors) {
	}

}
