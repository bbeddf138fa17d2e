package com.example.configserver.release.gray;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a gray release is taken back. The gray instances are compared with the others of
 * the same services, over the same time.
 *
 * @param interval Time between two looks at the instances' metrics.
 * @param window How far back the comparison goes.
 * @param minRequests Requests that the gray instances must have answered before they are
 * judged.
 * @param minErrors Errors with which they are judged sooner, since callers turn away from
 * who fails, and few requests may follow; and answers that must be too slow, since one
 * alone makes the 99th percentile of few.
 * @param maxErrorRateIncrease By how much their share of errors may exceed the others'.
 * @param maxLatencyRatio How many times the others' 99th percentile theirs may be.
 * @param minLatencyIncrease Difference of the 99th percentiles below which their ratio
 * does not matter.
 */
public record GrayBounds(@DefaultValue("1s") Duration interval, @DefaultValue("30s") Duration window,
		@DefaultValue("20") int minRequests, @DefaultValue("5") int minErrors,
		@DefaultValue("0.05") double maxErrorRateIncrease, @DefaultValue("3") double maxLatencyRatio,
		@DefaultValue("100ms") Duration minLatencyIncrease) {

	/**
	 * Judges the gray instances.
	 * @param gray what they have answered
	 * @param others what the others have answered meanwhile
	 * @return why the release is to be taken back; empty when it is not
	 */
	Optional<String> exceededBy(Traffic gray, Traffic others) {
		if (gray.requests() < minRequests && gray.errors() < minErrors) {
			return Optional.empty();
		}
		// A third party that fails does so for all; to see that takes enough of the
		// others.
		boolean comparable = Math.min(gray.requests(), others.requests()) >= minRequests;
		double rate = comparable ? gray.failureRate() : gray.errorRate();
		double otherRate = comparable ? others.failureRate() : others.errorRate();
		if (rate > otherRate + maxErrorRateIncrease) {
			return Optional.of(String.format(Locale.ROOT,
					"error rate %.1f %% of %.0f requests to the gray instances, %.1f %% of %.0f to the others;"
							+ " bound %.1f %% more",
					100 * rate, gray.requests(), 100 * otherRate, others.requests(), 100 * maxErrorRateIncrease));
		}
		if (comparable) {
			// A histogram ends somewhere; what lies beyond is slow.
			Double otherP99 = others.p99Millis();
			double grayP99 = (gray.p99Millis() != null) ? gray.p99Millis()
					: (gray.buckets().isEmpty() ? 0 : Double.MAX_VALUE);
			double bound = (otherP99 != null)
					? Math.max(maxLatencyRatio * otherP99, otherP99 + minLatencyIncrease.toMillis()) : Double.MAX_VALUE;
			if (otherP99 != null && grayP99 > bound && gray.slowerThan(bound) >= minErrors) {
				return Optional.of(String.format(Locale.ROOT,
						"99th percentile %s of the gray instances, %.0f ms of the others; bound %.1f times as long",
						(grayP99 < Double.MAX_VALUE) ? "%.0f ms".formatted(grayP99) : "longer than is measured",
						otherP99, maxLatencyRatio));
			}
		}
		return Optional.empty();
	}

}
