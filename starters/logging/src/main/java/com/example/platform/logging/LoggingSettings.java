package com.example.platform.logging;

import java.time.Duration;

import jakarta.validation.constraints.AssertTrue;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much the log may take; live configuration.
 *
 * @param queueSize Memory that lines may take while they wait for an output, for each
 * output. The last quarter is for warnings and errors.
 * @param stackTraceInterval Time in which the stack trace of one kind of failure is
 * logged once; 0 for always.
 */
@Validated
@ConfigurationProperties("platform.logging")
public record LoggingSettings(@DefaultValue("4MB") DataSize queueSize,
		@DefaultValue("1m") Duration stackTraceInterval) {

	@AssertTrue(message = "queue-size must be between 64KB and 256MB")
	boolean isQueueSizeFit() {
		return queueSize.toKilobytes() >= 64 && queueSize.toMegabytes() <= 256;
	}

	@AssertTrue(message = "stack-trace-interval must not be negative")
	boolean isStackTraceIntervalFit() {
		return !stackTraceInterval.isNegative();
	}

}
