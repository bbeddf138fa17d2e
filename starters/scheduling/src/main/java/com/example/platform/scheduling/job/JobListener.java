package com.example.platform.scheduling.job;

import java.time.Duration;

import com.example.platform.scheduling.queue.RunState;

/**
 * Hears how the runs of this instance go. Called by the threads that run them, and must
 * not block.
 */
public interface JobListener {

	/** Hears nothing. */
	JobListener NONE = new JobListener() {
	};

	/**
	 * This instance can run a job.
	 * @param job name of the job
	 */
	default void known(String job) {
	}

	/**
	 * A run has begun.
	 * @param job name of the job
	 * @param delay how long after it was due
	 */
	default void started(String job, Duration delay) {
	}

	/**
	 * A run has ended, or waits again.
	 * @param job name of the job
	 * @param state how it stands
	 * @param took how long it ran
	 */
	default void ended(String job, RunState state, Duration took) {
	}

	/**
	 * Ticks passed while no instance ran.
	 * @param job name of the job
	 * @param ticks how many will not be run
	 */
	default void missed(String job, int ticks) {
	}

}
