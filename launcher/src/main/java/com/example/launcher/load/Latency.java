package com.example.launcher.load;

import java.util.Locale;

import org.HdrHistogram.Histogram;

/**
 * How long requests took from when they were due, in milliseconds.
 *
 * @param by what they have in common: {@code ALL}, {@code CLASS} of statuses,
 * {@code OUTCOME} (status or failure), or {@code INSTANCE}
 * @param name which of these, for example 2xx, 503, user-service-1
 * @param count how many there were
 * @param p50 half of them took no longer
 * @param p90 90 % took no longer
 * @param p99 99 % took no longer
 * @param p999 99.9 % took no longer
 * @param max none took longer
 */
public record Latency(By by, String name, long count, double p50, double p90, double p99, double p999, double max) {

	static Latency of(By by, String name, Histogram micros) {
		return new Latency(by, name, micros.getTotalCount(), millis(micros, 50), millis(micros, 90), millis(micros, 99),
				millis(micros, 99.9), millis(micros, 100));
	}

	static double millis(Histogram micros, double percentile) {
		return micros.getValueAtPercentile(percentile) / 1000.0;
	}

	/**
	 * What requests may have in common.
	 */
	public enum By {

		/** Nothing: all that ended. */
		ALL,

		/** The class of the status. */
		CLASS,

		/** The status, or why there was none. */
		OUTCOME,

		/** The instance that answered. */
		INSTANCE;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
