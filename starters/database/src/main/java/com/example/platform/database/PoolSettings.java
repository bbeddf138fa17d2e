package com.example.platform.database;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of Spring Boot's keys of the connection pool is live configuration here. A number
 * without a unit is in milliseconds, as Hikari has it.
 *
 * @param maximumPoolSize Most connections of this instance. All instances together gain
 * nothing from more than twice the cores of the database: statements wait there for each
 * other then, and hold memory.
 * @param connectionTimeout How long a call waits for a connection, before it is refused
 * for lack of one.
 * @param leakDetectionThreshold A connection that is kept for longer is reported with the
 * stack trace of who took it; 0 for never.
 */
@ConfigurationProperties("spring.datasource.hikari")
public record PoolSettings(@DefaultValue("10") @Min(1) @Max(1000) int maximumPoolSize,
		@DefaultValue("250ms") @DurationMin(millis = 250) Duration connectionTimeout,
		@DefaultValue("5s") @DurationMin Duration leakDetectionThreshold) {

}
