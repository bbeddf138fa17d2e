package com.example.platform.scheduling.queue;

/**
 * Thrown when a run wants to write although it is not this instance's any more: it did
 * not answer for too long, and another has taken over; or it was cancelled, or takes too
 * long. Nothing is written.
 */
public final class RunLostException extends RuntimeException {

	/**
	 * Creates one.
	 * @param run the run that is over
	 */
	public RunLostException(Attempt run) {
		super("Run " + run + " is over for this instance (fence " + run.fence() + "): nothing more is written");
	}

}
