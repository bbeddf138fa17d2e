package com.example.platform.configclient.reporting;

import java.util.List;
import java.util.Locale;

import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells which configuration revision is in effect, which one is refused and why. It is
 * always up: an instance on its last good revision serves as well as ever.
 *
 * @param status whose state it tells; {@code null} when the configuration came from no
 * config server
 */
public record RevisionHealthIndicator(@Nullable ReloadStatus status) implements HealthIndicator {

	@Override
	public Health health() {
		if (status == null) {
			return Health.up().withDetail("source", "none").build();
		}
		InstanceReport report = status.report();
		Health.Builder health = Health.up()
			.withDetail("revision", report.revision())
			.withDetail("source", report.source().name().toLowerCase(Locale.ROOT))
			.withDetail("since", report.since().toString());
		if (report.refused() != null) {
			List<String> problems = report.refused().problems().stream().map(Problem::toString).toList();
			health.withDetail("refusedRevision", report.refused().revision()).withDetail("refusedBecause", problems);
		}
		if (status.failure() != null) {
			health.withDetail("failure", status.failure());
		}
		if (!report.pending().isEmpty()) {
			health.withDetail("pendingRestart", report.pending());
		}
		return health.build();
	}

}
