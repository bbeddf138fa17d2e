package com.example.platform.scheduling.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An attempt at a run that has begun.
 *
 * @param job name of the job
 * @param key what is run
 * @param attempt its number, from 1
 * @param due when the run was due
 * @param started when the attempt began
 * @param fence greater than that of every attempt that began before
 * @param payload JSON for the handler; {@code null} for none
 */
public record Attempt(String job, String key, int attempt, Instant due, Instant started, long fence,
		@Nullable String payload) {

	@Override
	public String toString() {
		return job + "/" + key + "#" + attempt;
	}

}
