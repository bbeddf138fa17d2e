package com.example.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The processes of one run. However it ends, they end with it. Thread-safe.
 */
public final class Processes {

	private final List<Runnable> ends = new ArrayList<>();

	private boolean ended;

	/**
	 * Prepares to end what will be started.
	 */
	public Processes() {
		Runtime.getRuntime().addShutdownHook(new Thread(this::endAll, "end-processes"));
	}

	/**
	 * Starts a process.
	 * @param <T> the process
	 * @param start starts it
	 * @param end ends it; does nothing when it has ended
	 * @return the process
	 * @throws IllegalStateException when the run has ended
	 */
	public synchronized <T> T start(Supplier<T> start, Consumer<T> end) {
		if (ended) {
			throw new IllegalStateException("The run has ended");
		}
		T process = start.get();
		ends.add(() -> end.accept(process));
		return process;
	}

	private synchronized void endAll() {
		ended = true;
		ends.forEach(Runnable::run);
	}

}
