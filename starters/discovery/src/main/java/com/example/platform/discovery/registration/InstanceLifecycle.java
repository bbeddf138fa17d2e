package com.example.platform.discovery.registration;

import java.util.List;

import com.example.platform.consul.Check.Status;

/**
 * Where an instance is in its life, by what its application and its health say.
 * Thread-safe.
 */
final class InstanceLifecycle {

	private volatile Report report = new Report(InstanceState.STARTING, "starting");

	private volatile boolean ready;

	Report report() {
		return report;
	}

	InstanceState state() {
		return report.state;
	}

	/**
	 * Tells whether the instance takes or has taken calls.
	 */
	boolean wasReady() {
		return ready;
	}

	/**
	 * Takes what the application says of its readiness.
	 */
	Change readiness(boolean acceptsTraffic) {
		return enter(acceptsTraffic ? new Report(InstanceState.PASSING, "ready")
				: new Report(InstanceState.DRAINING, "draining"));
	}

	/**
	 * Takes which components are down, which matters while the instance takes calls.
	 */
	synchronized Change health(List<String> down) {
		if (!state().takesCalls()) {
			return Change.NONE;
		}
		return enter(down.isEmpty() ? new Report(InstanceState.PASSING, "ready")
				: new Report(InstanceState.WARNING, "down: " + String.join(", ", down)));
	}

	Change gone() {
		return enter(new Report(InstanceState.GONE, "gone"));
	}

	private synchronized Change enter(Report next) {
		if (next.equals(report)) {
			return Change.NONE;
		}
		report = next;
		if (next.state == InstanceState.PASSING && !ready) {
			ready = true;
			return Change.READY_AT_LAST;
		}
		return Change.REPORT;
	}

	/**
	 * What others are told.
	 *
	 * @param state the state
	 * @param text the state in words
	 */
	record Report(InstanceState state, String text) {

		Status status() {
			return state.checkStatus();
		}

	}

	/**
	 * What has changed for those who are told.
	 */
	enum Change {

		/** Nothing. */
		NONE,

		/** The report. */
		REPORT,

		/** The instance takes calls for the first time, so that other checks can pass. */
		READY_AT_LAST

	}

}
