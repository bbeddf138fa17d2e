package com.example.platform.scheduling.queue;

import java.util.Locale;

/**
 * Where a run is in its life.
 */
public enum RunState {

	/** It is not due yet, or waits for something that its reason names. */
	WAITING,

	/** An instance has begun it. */
	RUNNING,

	/** It ended without an exception. */
	SUCCEEDED,

	/** It ended with an exception, took too long or was cancelled. */
	FAILED,

	/** The instance that ran it is gone or did not answer for too long. */
	ABANDONED,

	/** It was due and never begun, for a reason that it names. */
	SKIPPED;

	/**
	 * Tells whether the run goes on.
	 * @return whether it waits or runs
	 */
	public boolean isOpen() {
		return this == WAITING || this == RUNNING;
	}

	/**
	 * Returns the state as the database spells it.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

	static RunState of(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

}
