package com.example.gateway.retry;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often requests are repeated; live configuration.
 *
 * @param maxAttempts Most attempts of a request, the first included; 1 for no repetition.
 * @param budget How many of the requests may be repeated.
 */
@Live
@ConfigurationProperties("platform.gateway.retry")
record RetrySettings(@DefaultValue("3") @Min(1) @Max(5) int maxAttempts, @DefaultValue @Valid Budget budget) {

	/**
	 * How many of the requests to a service may be repeated.
	 *
	 * @param share Repetitions that each request allows.
	 * @param minPerSecond Repetitions that each second allows, however few requests there
	 * are.
	 * @param burst Most repetitions that can be saved up, and those at the start.
	 */
	record Budget(@DefaultValue("0.2") @DecimalMin("0") @DecimalMax("1") double share,
			@DefaultValue("10") @Min(0) int minPerSecond, @DefaultValue("100") @Min(0) int burst) {
	}

}
