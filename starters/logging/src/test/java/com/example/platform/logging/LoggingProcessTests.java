package com.example.platform.logging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring Boot processes with the standard output that they were given.
 */
class LoggingProcessTests {

	private static final int LINES = 50_000;

	private static final String TOLD = " log lines were dropped within ";

	private final List<Process> processes = new ArrayList<>();

	private final Path errors;

	private final Path output;

	private final Path file;

	LoggingProcessTests(@TempDir Path folder) {
		this.errors = folder.resolve("errors");
		this.output = folder.resolve("output");
		this.file = folder.resolve("file");
	}

	@AfterEach
	void end() {
		processes.forEach(Process::destroyForcibly);
	}

	@Test
	void outputsThatFlowGetEveryLineBeforeTheEnd() throws Exception {
		Process process = start(ProcessBuilder.Redirect.to(output.toFile()), 5_000, List.of(),
				"--logging.structured.format.console=ecs", "--logging.file.name=" + file);
		endNormally(process);
		assertThat(dropped("CONSOLE")).isZero();
		assertThat(lines(output)).filteredOn((line) -> line.startsWith("{") && line.contains(" of 5000"))
			.hasSize(5_000);
		assertThat(lines(file)).filteredOn((line) -> line.contains(" of 5000")).hasSize(5_000);
	}

	@Test
	void aStartThatFailsSaysWhy() throws Exception {
		Process process = start(ProcessBuilder.Redirect.to(output.toFile()), 0, List.of(),
				"--platform.logging.queue-size=1KB");
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isOne();
		assertThat(lines(output)).anyMatch((line) -> line.contains("queue-size must be between 64KB and 256MB"));
	}

	@Test
	void anOutputThatNobodyReadsHoldsUpNothing() throws Exception {
		Process process = start(ProcessBuilder.Redirect.PIPE, LINES, List.of());
		assertThat(dropped("CONSOLE")).isBetween(LINES / 2L, (long) LINES);
		endNormally(process);
	}

	@Test
	void anOutputWhoseReaderIsGoneHoldsUpNothing() throws Exception {
		Process process = start(ProcessBuilder.Redirect.PIPE, 0, List.of());
		process.getInputStream().close();
		endNormally(process);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void aFullDiskHoldsUpNothingAndWhenThereIsRoomTheLogGoesOn() throws Exception {
		// Less than the queue holds, so that it is full whatever is dropped before.
		Process process = start(ProcessBuilder.Redirect.appendTo(output.toFile()), LINES,
				List.of("bash", "-c", "ulimit -f 256 && exec \"$0\" \"$@\""), "--logging.file.name=" + file);
		assertThat(dropped("CONSOLE")).isBetween(LINES / 2L, (long) LINES);
		assertThat(dropped("FILE")).isBetween(LINES / 2L, (long) LINES);
		for (Path full : List.of(output, file)) {
			await().atMost(Duration.ofSeconds(30)).until(() -> Files.size(full) == 256 * 1024);
			assertThat(lines(full)).noneMatch((line) -> line.contains(TOLD));
			Files.write(full, new byte[0]);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(lines(full)).anyMatch((line) -> line.contains(TOLD)));
		}
		endNormally(process);
	}

	private Process start(ProcessBuilder.Redirect standardOutput, int lines, List<String> prefix, String... args)
			throws IOException {
		List<String> command = new ArrayList<>(prefix);
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", System.getProperty("java.class.path"),
				LoggingProcess.class.getName(), Integer.toString(lines)));
		command.addAll(List.of(args));
		Process process = new ProcessBuilder(command).redirectOutput(standardOutput)
			.redirectError(errors.toFile())
			.start();
		processes.add(process);
		await().atMost(Duration.ofMinutes(1)).until(() -> lines(errors).contains("logged") || !process.isAlive());
		return process;
	}

	private void endNormally(Process process) throws IOException, InterruptedException {
		process.getOutputStream().close();
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(() -> String.join("\n", lines(errors))).isZero();
	}

	private long dropped(String name) {
		Matcher matcher = Pattern.compile("dropped by " + name + ": (\\d+)").matcher(String.join("\n", lines(errors)));
		assertThat(matcher.find()).isTrue();
		return Long.parseLong(matcher.group(1));
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
