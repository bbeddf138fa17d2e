package com.example.order.upkeep;

import java.time.Duration;

import com.example.platform.liveconfiguration.Live;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long things last; live configuration. When the jobs run is configured under
 * {@code platform.scheduling.jobs}.
 *
 * @param payableFor Time for which an order waits to be paid, before it expires.
 * @param keysKeptFor Time for which an idempotency key stands for its order.
 */
@Live
@ConfigurationProperties("orders.upkeep")
record UpkeepSettings(@DefaultValue("30m") @DurationMin(seconds = 1) Duration payableFor,
		@DefaultValue("30d") @DurationMin(seconds = 1) Duration keysKeptFor) {
}
