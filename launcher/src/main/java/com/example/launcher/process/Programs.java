package com.example.launcher.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Runs programs that end by themselves. Thread-safe.
 */
public final class Programs {

	private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

	private Programs() {
	}

	/**
	 * Runs a program in the current folder to its end.
	 * @return what it wrote, both streams
	 * @throws LocalSystemException if it cannot be started or fails; the message holds
	 * what it wrote
	 */
	public static String run(List<String> command) {
		return run(command, Map.of(), Path.of("").toAbsolutePath());
	}

	/**
	 * Runs a program in a folder with environment variables added to those of this
	 * process, which are passed on without {@link Secrets}. Otherwise like
	 * {@link #run(List)}.
	 */
	public static String run(List<String> command, Map<String, String> environment, Path folder) {
		StringBuilder output = new StringBuilder();
		int exitCode = run(command, environment, folder, (line) -> output.append(line).append(System.lineSeparator()));
		if (exitCode != 0) {
			throw new LocalSystemException(
					"'%s' failed with exit code %d:%n%s".formatted(String.join(" ", command), exitCode, output));
		}
		return output.toString();
	}

	/**
	 * Runs a program and hands over its lines, of both streams, as they come.
	 * @return its exit code
	 * @throws LocalSystemException if it cannot be started
	 */
	public static int run(List<String> command, Path folder, Consumer<String> lines) {
		return run(command, Map.of(), folder, lines);
	}

	private static int run(List<String> command, Map<String, String> environment, Path folder, Consumer<String> lines) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
		Secrets.withhold(builder.environment());
		builder.environment().putAll(environment);
		try {
			Process process = builder.start();
			RUNNING.add(process);
			try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
				process.getOutputStream().close();
				output.lines().forEach(lines);
				return process.waitFor();
			}
			finally {
				RUNNING.remove(process);
			}
		}
		catch (IOException ex) {
			throw new LocalSystemException("Cannot run " + command.get(0) + ": " + ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LocalSystemException("Interrupted while running " + command.get(0) + ".", ex);
		}
	}

	/** Ends every program that was started here and still runs. */
	public static void stopAll() {
		for (Process process : RUNNING) {
			process.descendants().forEach(ProcessHandle::destroy);
			process.destroy();
			process.onExit().join();
		}
	}

}
