package com.example.launcher.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A process started by this one that writes to a log file and outlives its parent. It has
 * a session of its own where the system knows sessions, so that Ctrl-C at the terminal
 * reaches the parent alone, which can then stop its children in order.
 */
public final class ChildProcess {

	private static final Duration POLL = Duration.ofMillis(50);

	private final String name;

	private final Process process;

	private final ProcessIdentity identity;

	private final Path log;

	private ChildProcess(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.identity = ProcessIdentity.of(process.toHandle());
		this.log = log;
	}

	/**
	 * Starts a process.
	 * @param name what messages call it
	 * @param command program and arguments
	 * @param environment variables added to those of this process, which are passed on
	 * without {@link Secrets}
	 * @param folder working directory
	 * @param log file to which both output streams are appended
	 */
	public static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path folder,
			Path log) {
		List<String> inOwnSession = new ArrayList<>(ownSession());
		inOwnSession.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(inOwnSession).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectInput(ProcessBuilder.Redirect.from(nullDevice()))
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		Secrets.withhold(builder.environment());
		builder.environment().putAll(environment);
		try {
			Files.createDirectories(log.toAbsolutePath().getParent());
			return new ChildProcess(name, builder.start(), log);
		}
		catch (IOException ex) {
			throw new LocalSystemException("Cannot start %s: %s".formatted(name, ex.getMessage()), ex);
		}
	}

	public ProcessIdentity identity() {
		return identity;
	}

	/**
	 * Whether the process still runs. The identity is asked, as by those who stop it:
	 * {@link Process#isAlive()} still says yes for a moment after the process has ended.
	 */
	public boolean isAlive() {
		return identity.isAlive();
	}

	/**
	 * Waits until the condition holds. When the process ends before, or time runs out, it
	 * is stopped and the failure tells what its log says about the cause.
	 * @throws LocalSystemException if the process does not become ready
	 */
	public void awaitReady(Duration timeout, BooleanSupplier condition) {
		boolean inTime = Await.until(timeout, POLL, () -> !isAlive() || condition.getAsBoolean());
		if (inTime && isAlive()) {
			return;
		}
		String cause = isAlive() ? "was not ready within " + timeout.toSeconds() + " s"
				: "ended at start with exit code " + process.onExit().join().exitValue();
		stop(ProcessIdentity.Signal.TERM, Duration.ofSeconds(5));
		throw new LocalSystemException("%s %s:%n%s%nCorrect this and start again. The whole log: %s".formatted(name,
				cause, new LogFile(log).cause().indent(2).stripTrailing(), log));
	}

	public void stop(ProcessIdentity.Signal signal, Duration grace) {
		identity.stop(signal, grace);
	}

	private static List<String> ownSession() {
		OperatingSystem system = OperatingSystem.current();
		Optional<List<String>> setsid = system.onPath("setsid").map((program) -> List.of(program.toString()));
		// macOS has no setsid program, but Perl, and Perl has the call.
		return setsid
			.or(() -> system.onPath("perl")
				.map((program) -> List.of(program.toString(), "-MPOSIX", "-e",
						"POSIX::setsid(); exec @ARGV or die $!")))
			.orElse(List.of());
	}

	private static File nullDevice() {
		return new File((OperatingSystem.current() == OperatingSystem.WINDOWS) ? "NUL" : "/dev/null");
	}

}
