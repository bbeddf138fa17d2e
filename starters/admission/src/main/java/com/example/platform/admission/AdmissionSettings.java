package com.example.platform.admission;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much a process takes on at once; live configuration.
 *
 * @param enabled Whether calls are limited. Bodies are in any case.
 * @param minCalls Least limit of calls under way, however slow they are.
 * @param maxCalls Most calls under way. Between the two, the limit follows the time that
 * calls take.
 * @param backgroundShare Share of the limit that calls may fill for which nobody waits.
 * @param writeShare Share of the limit that calls with a body may fill. A flood of them
 * leaves room for reads.
 * @param bodyShare Share of the heap that the request bodies under way may have together.
 */
@Validated
@ConfigurationProperties("platform.admission")
public record AdmissionSettings(@DefaultValue("true") boolean enabled,
		@DefaultValue("32") @Min(1) @Max(10_000) int minCalls, @DefaultValue("128") @Min(1) @Max(10_000) int maxCalls,
		@DefaultValue("0.5") @DecimalMin("0") @DecimalMax("1") double backgroundShare,
		@DefaultValue("0.75") @DecimalMin("0.1") @DecimalMax("1") double writeShare,
		@DefaultValue("0.0625") @DecimalMin("0.0001") @DecimalMax("0.5") double bodyShare) {

	@AssertTrue(message = "min-calls must not be above max-calls")
	boolean isOrdered() {
		return minCalls <= maxCalls;
	}

}
