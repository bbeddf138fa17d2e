package com.example.launcher.mistakes;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody who runs {@code ./dev} in a clone, and has to be told within ten seconds what
 * is wrong, in a sentence, with nothing left behind.
 */
final class Newcomer {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration HANG = Duration.ofMinutes(2);

	/** Every process that comes from a call inherits it, and can be told by it. */
	private static final String MARK = "NEWCOMER";

	private static final Pattern UNFINISHED = Pattern.compile("state\\.json|unfinished|-\\d+-\\d+-|/tmp/|/env/");

	private final Path clone;

	private final Map<String, String> environment = new HashMap<>(System.getenv());

	private Surroundings surroundings = Surroundings.USUAL;

	private Newcomer(Path clone) {
		this.clone = clone;
	}

	static Newcomer in(Path clone) {
		return new Newcomer(clone).with("JAVA_HOME", System.getProperty("java.home"));
	}

	Newcomer with(String variable, String value) {
		environment.put(variable, value);
		return this;
	}

	Newcomer without(String variable) {
		environment.remove(variable);
		return this;
	}

	/** With nothing on the search path but some programs, as far as they are there. */
	Newcomer withPrograms(Path folder, String... names) throws IOException {
		Path bin = Files.createDirectory(folder.resolve("bin"));
		for (String name : names) {
			for (Path program : List.of(Path.of("/bin", name), Path.of("/usr/bin", name))) {
				if (Files.exists(program)) {
					Path script = Files.writeString(bin.resolve(name),
							"#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
					assertThat(script.toFile().setExecutable(true, false)).isTrue();
				}
			}
		}
		return with("PATH", bin.toString());
	}

	/** With another home folder, where Maven and the launcher find nothing yet. */
	Newcomer livingIn(Path home) {
		return with("HOME", home.toString()).with("MAVEN_OPTS", "-Duser.home=" + home)
			.with("XDG_CACHE_HOME", home.resolve(".cache").toString());
	}

	Newcomer in(Surroundings other) throws IOException, InterruptedException {
		other.assumePossible();
		surroundings = other;
		return this;
	}

	Newcomer inIfPossible(Surroundings other) throws IOException, InterruptedException {
		surroundings = other.arePossible() ? other : surroundings;
		return this;
	}

	/** Runs {@code ./dev} and sees that it refuses. */
	void isTold(String command, String... sentence) throws Exception {
		Set<String> before = files();
		Outcome outcome = run(List.of("/bin/sh", "-c", "exec ./dev " + command));
		System.out.printf("mistake, %4.1f s, ./dev %s: %s%n", outcome.elapsed().toMillis() / 1000.0, command,
				outcome.output().strip().replaceAll("\\R", " | "));
		assertThat(outcome.output()).contains(sentence).doesNotContain("\tat ", "Exception", "mistake of ./dev itself");
		assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
		assertThat(outcome.elapsed()).isLessThanOrEqualTo(limit());
		assertThat(files()).isEqualTo(before);
		assertThat(outcome.leftBehind()).isEmpty();
	}

	/** Runs commands of a shell, which must succeed, and leave no process. */
	String succeeds(String commands) throws Exception {
		Outcome outcome = run(List.of("/bin/sh", "-ec", commands));
		assertThat(outcome.exitCode()).as(outcome.output()).isZero();
		assertThat(outcome.leftBehind()).isEmpty();
		return outcome.output();
	}

	private Outcome run(List<String> command) throws IOException, InterruptedException {
		String mark = UUID.randomUUID().toString();
		Path output = Files.createTempFile("newcomer", ".log");
		ProcessBuilder builder = new ProcessBuilder(surroundings.around(command)).directory(clone.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().clear();
		builder.environment().putAll(environment);
		builder.environment().put(MARK, mark);
		long begin = System.nanoTime();
		Process process = builder.start();
		process.getOutputStream().close();
		boolean ended = process.waitFor(HANG.toSeconds(), TimeUnit.SECONDS);
		Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
		List<ProcessHandle> left = marked(mark);
		left.forEach(ProcessHandle::destroyForcibly);
		String text = Files.readString(output, StandardCharsets.UTF_8);
		Files.delete(output);
		assertThat(ended).as("hangs: %s", text).isTrue();
		return new Outcome(process.exitValue(), text, elapsed,
				left.stream().map((one) -> one.info().commandLine().orElse("")).toList());
	}

	/** A machine that is busy with other things is not to blame for them. */
	private static Duration limit() {
		OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
		double busy = machine.getSystemLoadAverage() / machine.getAvailableProcessors();
		return Duration.ofMillis((long) (LIMIT.toMillis() * Math.max(1, busy)));
	}

	private static List<ProcessHandle> marked(String mark) {
		return ProcessHandle.allProcesses().filter((process) -> {
			try {
				return Files
					.readString(Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1)
					.contains(MARK + "=" + mark);
			}
			catch (IOException ex) {
				// It has ended, or belongs to somebody else.
				return false;
			}
		}).collect(Collectors.toCollection(ArrayList::new));
	}

	/**
	 * The files of the clone. Of those of the launcher's own folder, which it may keep,
	 * only what says that a system runs or is not finished.
	 */
	private Set<String> files() throws IOException {
		try (Stream<Path> files = Files.walk(clone)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> clone.relativize(file).toString())
				.filter((file) -> !file.startsWith(".git/"))
				.filter((file) -> !file.startsWith(".dev/") || UNFINISHED.matcher(file).find())
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	/**
	 * What became of a call.
	 *
	 * @param leftBehind the processes that are still there
	 */
	private record Outcome(int exitCode, String output, Duration elapsed, List<String> leftBehind) {

	}

}
