package com.example.benchmarks.propagation;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * How callers call, and what they tell of it line by line on standard output at the
 * moment it happens. Instances are named by the port that is called. Thread-safe.
 */
final class Calls {

	/** The property that names the service to call. */
	static final String SERVICE = "calls.service";

	static final Duration PERIOD = Duration.ofMillis(8);

	static final Duration DEADLINE = Duration.ofMillis(500);

	static final String SENT = "sent";

	static final String ANSWERED = "answered";

	static final String LIST = "list";

	private Calls() {
	}

	/** Calls at a fixed rate for as long as the process lives. */
	static void repeat(Runnable call) {
		long next = System.nanoTime();
		while (true) {
			call.run();
			next += PERIOD.toNanos();
			LockSupport.parkNanos(next - System.nanoTime());
		}
	}

	static void sent(int port) {
		System.out.println(SENT + " " + port);
	}

	static void answered(int port) {
		System.out.println(ANSWERED + " " + port);
	}

	static void list(Collection<Integer> ports) {
		System.out.println(LIST + ports.stream().map((port) -> " " + port).collect(Collectors.joining()));
	}

}
