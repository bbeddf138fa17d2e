package com.example.platform.resilience;

import java.time.Duration;
import java.util.Map;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which calls are not worth making. All of it is live.
 *
 * @param defaults Policy of all methods of all services.
 * @param services Policies by the name of the called service.
 */
@Validated
@ConfigurationProperties("platform.resilience")
public record ResilienceSettings(@Nullable @Valid Policy defaults,
		@DefaultValue Map<String, @Valid ServicePolicy> services) {

	GuardPolicy policy(String service, String method) {
		GuardPolicy policy = (defaults != null) ? defaults.over(GuardPolicy.DEFAULTS) : GuardPolicy.DEFAULTS;
		ServicePolicy own = services.get(service);
		if (own != null && own.all != null) {
			policy = own.all.over(policy);
		}
		Policy ofMethod = (own != null) ? own.methods.get(method) : null;
		return (ofMethod != null) ? ofMethod.over(policy) : policy;
	}

	/**
	 * Policies of one called service.
	 *
	 * @param all Policy of all its methods.
	 * @param methods Policies by the name of the method, such as {@code CheckEligibility}
	 * or {@code GET}.
	 */
	public record ServicePolicy(@Nullable @Valid Policy all, @DefaultValue Map<String, @Valid Policy> methods) {
	}

	/**
	 * How the calls of a service or a method are guarded; {@code null} where it says
	 * nothing.
	 *
	 * @param circuitBreaker When calls are not made because others fail.
	 * @param maxConcurrentCalls Most calls under way; 0 for as many as there are, which
	 * is so when not set.
	 */
	public record Policy(@Nullable @Valid CircuitBreaker circuitBreaker, @Nullable @Min(0) Integer maxConcurrentCalls) {

		GuardPolicy over(GuardPolicy base) {
			CircuitBreaker breaker = (circuitBreaker != null) ? circuitBreaker : CircuitBreaker.NONE;
			return new GuardPolicy(or(breaker.enabled, base.enabled()), or(breaker.window, base.window()),
					or(breaker.minCalls, base.minCalls()), or(breaker.failureShare, base.failureShare()),
					or(breaker.slowAfter, base.slowAfter()), or(breaker.openFor, base.openFor()),
					or(breaker.trialCalls, base.trialCalls()), or(maxConcurrentCalls, base.maxConcurrentCalls()));
		}

		private static <T> T or(@Nullable T value, T base) {
			return (value != null) ? value : base;
		}

	}

	/**
	 * When calls are not made because others fail.
	 *
	 * @param enabled Whether there is a breaker; yes when not set.
	 * @param window Time that it looks back, in whole seconds; 2 s when not set.
	 * @param minCalls Fewest calls in the window that may open it; 5 when not set.
	 * @param failureShare Share of the calls in the window that opens it when they fail
	 * or are slow; 0.5 when not set.
	 * @param slowAfter Time after which a call is slow; 1 s when not set.
	 * @param openFor Time that it stays open before it lets calls through for a trial; 1
	 * s when not set.
	 * @param trialCalls Number of calls that decide whether it closes; 3 when not set.
	 */
	public record CircuitBreaker(@Nullable Boolean enabled, @Nullable @DurationMin(seconds = 1) Duration window,
			@Nullable @Min(1) Integer minCalls, @Nullable @DecimalMin("0.01") @DecimalMax("1") Double failureShare,
			@Nullable @DurationMin(millis = 1) Duration slowAfter, @Nullable @DurationMin(millis = 1) Duration openFor,
			@Nullable @Min(1) @Max(100) Integer trialCalls) {

		static final CircuitBreaker NONE = new CircuitBreaker(null, null, null, null, null, null, null);

	}

}
