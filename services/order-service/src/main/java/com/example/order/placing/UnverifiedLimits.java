package com.example.order.placing;

import java.time.Duration;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.constraints.PositiveOrZero;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be ordered while nobody can say who may order; live configuration.
 *
 * @param knownFor Time for which a user is known who was checked and ordered.
 * @param maxTotalMinorUnits Highest total of the orders that a known user places without
 * a check, until there is one again, in minor units of whatever currency; 0 for none.
 */
@Live
@ConfigurationProperties("orders.unverified")
record UnverifiedLimits(@DefaultValue("30d") Duration knownFor,
		@DefaultValue("20000") @PositiveOrZero long maxTotalMinorUnits) {
}
