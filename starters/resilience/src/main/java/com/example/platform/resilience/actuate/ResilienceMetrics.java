package com.example.platform.resilience.actuate;

import java.util.Locale;

import com.example.platform.resilience.CallGuard;
import com.example.platform.resilience.CallGuards;
import com.example.platform.resilience.CallRefusedException.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Metrics of each method that is called: whether its breaker is open, calls under way,
 * and calls that were not made.
 */
public final class ResilienceMetrics implements MeterBinder {

	private final CallGuards guards;

	/**
	 * Creates the metrics.
	 * @param guards what they are about
	 */
	public ResilienceMetrics(CallGuards guards) {
		this.guards = guards;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		guards.listen((guard) -> {
			Tags tags = Tags.of("target", guard.service(), "method", guard.method());
			Gauge.builder("platform.resilience.open", guard, ResilienceMetrics::openness)
				.description("1 while the circuit breaker is open, 0.5 while it tries, 0 while it is closed")
				.tags(tags)
				.register(meters);
			Gauge.builder("platform.resilience.calls", guard, CallGuard::underWay)
				.description("Calls under way")
				.tags(tags)
				.register(meters);
			for (Reason reason : Reason.values()) {
				FunctionCounter.builder("platform.resilience.refused", guard, (one) -> one.refused(reason))
					.description("Calls that were not made")
					.tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
					.register(meters);
			}
		});
	}

	private static double openness(CallGuard guard) {
		return switch (guard.state()) {
			case CLOSED -> 0;
			case HALF_OPEN -> 0.5;
			case OPEN -> 1;
		};
	}

}
