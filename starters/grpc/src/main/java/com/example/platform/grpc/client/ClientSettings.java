package com.example.platform.grpc.client;

import java.util.Map;

import io.grpc.MethodDescriptor.MethodType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the calls of this process end. All of it is live.
 *
 * @param defaults Policy of all methods of all services.
 * @param services Policies by the name of the called service.
 * @param retryBudget How many calls may be repeated to each service that has no budget of
 * its own.
 */
@Validated
@ConfigurationProperties("platform.grpc.client")
public record ClientSettings(@Nullable @Valid CallPolicy defaults,
		@DefaultValue Map<String, @Valid ServicePolicy> services, @DefaultValue @Valid RetryBudget retryBudget) {

	CallPolicy policy(String service, String method, MethodType type) {
		CallPolicy policy = (defaults != null) ? defaults : CallPolicy.NONE;
		ServicePolicy own = services.get(service);
		if (own != null && own.all != null) {
			policy = own.all.orElse(policy);
		}
		if (type != MethodType.UNARY) {
			policy = policy.withoutDeadline();
		}
		CallPolicy ofMethod = (own != null) ? own.methods.get(method) : null;
		return (ofMethod != null) ? ofMethod.orElse(policy) : policy;
	}

	RetryBudget retryBudget(String service) {
		ServicePolicy own = services.get(service);
		return (own != null && own.retryBudget != null) ? own.retryBudget : retryBudget;
	}

	/**
	 * Policies of one called service.
	 *
	 * @param all Policy of all its methods.
	 * @param methods Policies by the name of the method, such as
	 * {@code CheckEligibility}.
	 * @param retryBudget How many of its calls may be repeated.
	 */
	public record ServicePolicy(@Nullable @Valid CallPolicy all, @DefaultValue Map<String, @Valid CallPolicy> methods,
			@Nullable @Valid RetryBudget retryBudget) {
	}

	/**
	 * How many calls may be repeated, for each channel: a failure takes a token away, a
	 * success gives a part of one back, and there are retries only while more than half
	 * of the tokens are left (gRFC A6).
	 *
	 * @param maxTokens Most tokens, and those at the start.
	 * @param tokenRatio Part of a token that a success gives back, and so the share of
	 * calls that may be repeated in the long run.
	 */
	public record RetryBudget(@DefaultValue("20") @Min(1) @Max(1000) int maxTokens,
			@DefaultValue("0.1") @DecimalMin("0.001") double tokenRatio) {
	}

}
