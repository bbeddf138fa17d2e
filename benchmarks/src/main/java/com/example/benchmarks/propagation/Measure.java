package com.example.benchmarks.propagation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A delay that is clocked, with the target for the starters' p99.
 */
enum Measure {

	REGISTERED("registered and passing", "first call sent", Duration.ofMillis(1200)),

	REGISTERED_ANSWERED("registered and passing", "first call answered", null),

	DEREGISTERED("deregistered", "last call sent", Duration.ofMillis(100)),

	DEREGISTERED_OUT("deregistered", "out of the caller's list", null),

	KILLED("kill -9", "last call sent", null),

	KILLED_OUT("kill -9", "out of the caller's list", Duration.ofMillis(1500)),

	HALTED("SIGSTOP", "last call sent", null),

	HALTED_OUT("SIGSTOP", "out of the caller's list", Duration.ofMillis(2500)),

	RESUMED("SIGCONT", "first call answered", Duration.ofSeconds(3));

	private final String from;

	private final String to;

	private final @Nullable Duration target;

	Measure(String from, String to, @Nullable Duration target) {
		this.from = from;
		this.to = to;
		this.target = target;
	}

	String from() {
		return from;
	}

	String to() {
		return to;
	}

	@Nullable Duration target() {
		return target;
	}

}
