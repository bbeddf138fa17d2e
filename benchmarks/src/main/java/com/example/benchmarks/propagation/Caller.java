package com.example.benchmarks.propagation;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import com.example.benchmarks.Delays;
import com.example.launcher.process.Await;

/**
 * A process that calls all the time, and when this one heard of what it did. Thread-safe.
 */
final class Caller implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(2);

	private final Process process;

	private final Map<Integer, Seen> seen = new ConcurrentHashMap<>();

	private Caller(Process process) {
		this.process = process;
	}

	/**
	 * Starts a caller.
	 * @param command program and arguments
	 * @param errors file that gets its standard error
	 */
	static Caller start(List<String> command, File errors) throws IOException {
		Caller caller = new Caller(new ProcessBuilder(command).redirectError(errors).start());
		Thread reader = new Thread(caller::read, "caller-output");
		reader.setDaemon(true);
		reader.start();
		return caller;
	}

	/** What was seen of the instance that is called at a port. */
	Seen of(int port) {
		return seen.computeIfAbsent(port, (unseen) -> new Seen());
	}

	@Override
	public void close() {
		process.destroyForcibly();
	}

	private void read() {
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				heard(line.split(" ", -1), System.nanoTime());
			}
		}
		catch (IOException ex) {
			// It was ended.
		}
	}

	private void heard(String[] words, long now) {
		switch (words[0]) {
			case Calls.SENT -> of(Integer.parseInt(words[1])).sent(now);
			case Calls.ANSWERED -> of(Integer.parseInt(words[1])).answered(now);
			case Calls.LIST -> {
				Set<Integer> listed = Arrays.stream(words).skip(1).map(Integer::valueOf).collect(Collectors.toSet());
				listed.forEach(this::of);
				seen.forEach((port, instance) -> instance.listed(listed.contains(port), now));
			}
			default -> {
				// Something else writes to standard output.
			}
		}
	}

	/**
	 * What a caller did with one instance. Times are those of {@link System#nanoTime()}.
	 */
	static final class Seen {

		private boolean listed;

		private long unlistedAt;

		private long lastSent;

		private long firstSent;

		private long firstAnswered;

		/** Forgets the first calls. */
		synchronized void forgetCalls() {
			firstSent = 0;
			firstAnswered = 0;
		}

		/**
		 * Waits for the first call since {@link #forgetCalls()}.
		 * @return its time; {@link Delays#NEVER} when there is none in time
		 */
		long awaitSent(Duration timeout) {
			return Await.until(timeout, POLL, () -> firstSent() != 0) ? firstSent() : Delays.NEVER;
		}

		/**
		 * Waits for the first answer since {@link #forgetCalls()}.
		 * @return its time; {@link Delays#NEVER} when there is none in time
		 */
		long awaitAnswer(Duration timeout) {
			return Await.until(timeout, POLL, () -> firstAnswered() != 0) ? firstAnswered() : Delays.NEVER;
		}

		/**
		 * Waits until the instance is out of the caller's list.
		 * @return when it left; {@link Delays#NEVER} when it does not in time
		 */
		long awaitUnlisted(Duration timeout) {
			return Await.until(timeout, POLL, () -> !isListed()) ? unlistedAt() : Delays.NEVER;
		}

		synchronized long lastSent() {
			return lastSent;
		}

		private synchronized long firstSent() {
			return firstSent;
		}

		private synchronized long firstAnswered() {
			return firstAnswered;
		}

		private synchronized long unlistedAt() {
			return unlistedAt;
		}

		private synchronized boolean isListed() {
			return listed;
		}

		private synchronized void sent(long now) {
			lastSent = now;
			if (firstSent == 0) {
				firstSent = now;
			}
		}

		private synchronized void answered(long now) {
			if (firstAnswered == 0) {
				firstAnswered = now;
			}
		}

		private synchronized void listed(boolean isListed, long now) {
			if (listed && !isListed) {
				unlistedAt = now;
			}
			listed = isListed;
		}

	}

}
