package com.example.platform.scheduling.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * How a job runs, in effect.
 *
 * @param enabled whether its schedule runs
 * @param schedule when it is due; {@code null} for a job that runs on demand
 * @param overlap what becomes of a tick while an earlier run is under way
 * @param catchUp what becomes of ticks that passed while nobody ran
 * @param catchUpWindow how old a tick may be that still runs
 * @param timeLimit time after which a run is interrupted; zero for never
 * @param maxConcurrentRuns most runs at once in the cluster; 0 for as many as there are
 * @param maxRetries most repetitions of a run
 * @param firstRetryAfter pause before the first repetition
 */
public record JobPolicy(boolean enabled, @Nullable Schedule schedule, Overlap overlap, CatchUp catchUp,
		Duration catchUpWindow, Duration timeLimit, int maxConcurrentRuns, int maxRetries, Duration firstRetryAfter) {

	/**
	 * Returns how long to wait after an attempt that failed.
	 * @param attempt its number, from 1
	 * @param random draws the jitter: a fifth less to a fifth more
	 */
	Duration retryAfter(int attempt, RandomGenerator random) {
		long doubled = firstRetryAfter.toMillis() << Math.min(attempt - 1, 20);
		return Duration.ofMillis((long) (doubled * (0.8 + 0.4 * random.nextDouble())));
	}

}
