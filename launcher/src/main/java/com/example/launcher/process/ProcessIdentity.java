package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process that cannot be mistaken for another one: its id together with its start time,
 * so that a recycled id is never taken for the process that had it before.
 *
 * @param pid process id
 * @param startTime opaque number of the start time: clock ticks since boot where
 * {@code /proc} exists, else milliseconds since 1970
 */
public record ProcessIdentity(long pid, long startTime) {

	/** In place of the start time of a process that ended. */
	private static final long ENDED = -1;

	private static final Duration POLL = Duration.ofMillis(20);

	public static ProcessIdentity current() {
		return of(ProcessHandle.current());
	}

	public static ProcessIdentity of(ProcessHandle handle) {
		return new ProcessIdentity(handle.pid(), startTime(handle));
	}

	/**
	 * Whether this very process still runs. A process that ended and was not yet reaped
	 * by its parent does not run.
	 */
	public boolean isAlive() {
		return handle().isPresent();
	}

	/** Whether it is halted by {@link Signal#STOP}. */
	public boolean isPaused() {
		return handle().filter((handle) -> state(handle).startsWith("T")).isPresent();
	}

	/**
	 * Sends a signal if this very process still runs. Where signals do not exist, those
	 * that ask to end do so at once.
	 * @throws LocalSystemException if the signal cannot be sent
	 */
	public void send(Signal signal) {
		handle().ifPresent((handle) -> {
			switch (signal) {
				case TERM -> handle.destroy();
				case KILL -> handle.destroyForcibly();
				case INT -> interrupt(handle);
				case STOP, CONT -> kill(handle, signal);
			}
		});
	}

	/**
	 * Ends the process: asks with the given signal, waits for the grace period, then
	 * kills. Returns when it is gone.
	 * @throws LocalSystemException if it cannot be ended
	 */
	public void stop(Signal signal, Duration grace) {
		send(signal);
		if (isPaused()) {
			// Only then it takes note of the signal.
			send(Signal.CONT);
		}
		if (!Await.until(grace, POLL, () -> !isAlive())) {
			send(Signal.KILL);
			if (!Await.until(grace, POLL, () -> !isAlive())) {
				throw new LocalSystemException("Process %d of user %s cannot be ended. End it as that user."
					.formatted(pid, handle().flatMap((handle) -> handle.info().user()).orElse("(unknown)")));
			}
		}
	}

	private Optional<ProcessHandle> handle() {
		return (startTime == ENDED) ? Optional.empty()
				: ProcessHandle.of(pid).filter((handle) -> handle.isAlive() && startTime(handle) == startTime);
	}

	private static void interrupt(ProcessHandle handle) {
		if (OperatingSystem.current() == OperatingSystem.WINDOWS) {
			handle.destroy();
			return;
		}
		kill(handle, Signal.INT);
	}

	private static void kill(ProcessHandle handle, Signal signal) {
		try {
			new ProcessBuilder("kill", "-s", signal.name(), Long.toString(handle.pid())).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new LocalSystemException("Cannot send a signal to process " + handle.pid() + ": " + ex.getMessage(),
					ex);
		}
	}

	private static long startTime(ProcessHandle handle) {
		try {
			String[] fields = stat(handle);
			return "Z".equals(fields[0]) ? ENDED : Long.parseLong(fields[19]);
		}
		catch (IOException ex) {
			return handle.info().startInstant().map(Instant::toEpochMilli).orElse(ENDED);
		}
	}

	/** The letter of its state, as {@code ps} shows it; empty where it is not known. */
	private static String state(ProcessHandle handle) {
		try {
			return stat(handle)[0];
		}
		catch (IOException ex) {
			return (OperatingSystem.current() != OperatingSystem.MACOS) ? ""
					: Programs.run(List.of("ps", "-o", "state=", "-p", Long.toString(handle.pid())));
		}
	}

	/** What Linux tells about a process, from its state on. */
	private static String[] stat(ProcessHandle handle) throws IOException {
		String line = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
		// The second field is the command in brackets, which may itself hold blanks and
		// brackets.
		return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
	}

	/**
	 * What a process can be told.
	 */
	public enum Signal {

		/** Asks PostgreSQL to stop without waiting for its clients. */
		INT,

		/** Asks to stop. */
		TERM,

		/** Ends without asking. */
		KILL,

		/** Halts without ending: connections stay open and nothing answers. */
		STOP,

		/** Lets go on what was halted. */
		CONT

	}

}
