package com.example.platform.configclient.reporting;

import java.util.Locale;

import com.example.platform.configclient.reporting.ReloadStatus.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the configuration: revisions by what became of them, whether one is refused
 * at present, and how many changed keys wait for a restart.
 *
 * @param status whose state they tell
 */
public record RevisionMetrics(ReloadStatus status) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Outcome outcome : Outcome.values()) {
			FunctionCounter.builder("platform.config.revisions", status, (source) -> source.count(outcome))
				.description("Configuration revisions that this instance was to run")
				.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
		Gauge.builder("platform.config.refused", status, (source) -> (source.report().refused() != null) ? 1 : 0)
			.description("Whether the released configuration revision is refused")
			.register(registry);
		Gauge.builder("platform.config.pending", status, (source) -> source.report().pending().size())
			.description("Changed keys that need a restart")
			.register(registry);
	}

}
