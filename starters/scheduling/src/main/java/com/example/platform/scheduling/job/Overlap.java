package com.example.platform.scheduling.job;

/**
 * What becomes of a tick while an earlier run of the job is under way, on whatever
 * instance.
 */
public enum Overlap {

	/** It is skipped, which the history says. */
	SKIP,

	/** One waits for the end of the earlier run; further ones are skipped. */
	BUFFER_ONE,

	/** Both run. */
	ALLOW,

	/** The earlier run is cancelled, and the tick runs when that has ended. */
	CANCEL_OTHER

}
