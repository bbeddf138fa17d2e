package com.example.platform.grpc.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import org.hibernate.validator.constraints.time.DurationMin;
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
 * @param hedgingBudget How many calls to each service may be sent twice because they take
 * longer than others.
 */
@Validated
@ConfigurationProperties("platform.grpc.client")
public record ClientSettings(@Nullable @Valid CallPolicy defaults,
		@DefaultValue Map<String, @Valid ServicePolicy> services, @DefaultValue @Valid RetryBudget retryBudget,
		@DefaultValue @Valid HedgingBudget hedgingBudget) {

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

	/**
	 * How many calls may be sent twice because they take longer than others: each call
	 * puts a part of a token in, each second attempt takes one out.
	 *
	 * @param maxTokens Most tokens, and those at the start.
	 * @param tokenRatio Part of a token that a call puts in, and so the share of calls
	 * that may be sent twice in the long run.
	 */
	public record HedgingBudget(@DefaultValue("5") @Min(0) @Max(1000) int maxTokens,
			@DefaultValue("0.02") @DecimalMin("0") @DecimalMax("1") double tokenRatio) {
	}

	/**
	 * How the calls of a service or a method end; {@code null} where it says nothing.
	 * What is called next inherits what is left of a deadline. A stream has one only
	 * where its own method says so, since many are meant to last. Only methods that are
	 * idempotent by contract are repeated: what is said of several methods applies to
	 * those among them, and saying it of another is an error.
	 *
	 * @param deadline Longest time of a call, all attempts included; none when not set.
	 * @param waitForReady Whether a call waits for a connection until its deadline
	 * instead of failing at once when there is none; no when not set.
	 * @param retry Repeating after a failure.
	 * @param hedging Making a second attempt before the first has failed.
	 */
	public record CallPolicy(@Nullable @DurationMin(millis = 1) Duration deadline, @Nullable Boolean waitForReady,
			@Nullable @Valid Retry retry, @Nullable @Valid Hedging hedging) {

		/**
		 * Says nothing.
		 */
		public static final CallPolicy NONE = new CallPolicy(null, null, null, null);

		CallPolicy withoutDeadline() {
			return new CallPolicy(null, waitForReady, retry, hedging);
		}

		boolean repeats() {
			return (hedging != null && hedging.enabled()) || (retry != null && retry.maxAttempts() > 1);
		}

		Hedging hedgingOrDefault() {
			return (hedging != null) ? hedging : Hedging.DEFAULT;
		}

		CallPolicy orElse(CallPolicy other) {
			return new CallPolicy((deadline != null) ? deadline : other.deadline,
					(waitForReady != null) ? waitForReady : other.waitForReady, (retry != null) ? retry : other.retry,
					(hedging != null) ? hedging : other.hedging);
		}

		/**
		 * Repeating after a failure.
		 *
		 * @param maxAttempts Most attempts of a call, the first included; 1 for no retry.
		 * @param initialBackoff Upper bound of the random pause before the second
		 * attempt.
		 * @param maxBackoff Upper bound of any pause.
		 * @param multiplier Growth of the upper bound with each attempt.
		 * @param codes Statuses after which to repeat.
		 */
		public record Retry(@DefaultValue("3") @Min(1) @Max(5) int maxAttempts,
				@DefaultValue("50ms") @DurationMin(millis = 1) Duration initialBackoff,
				@DefaultValue("500ms") @DurationMin(millis = 1) Duration maxBackoff,
				@DefaultValue("2") @DecimalMin("1") double multiplier, @DefaultValue( {
						"unavailable", "unknown" }) @NotEmpty List<Status.Code> codes){

			/**
			 * Statuses that say that the instance or the connection has failed. gRPC's
			 * client says {@code UNKNOWN} when it writes to a connection that was lost at
			 * that moment (grpc-java issue 10120).
			 */
			static final List<Status.Code> FAILED = List.of(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN);

		}

		/**
		 * Making a second attempt of a unary call, on another instance, when the first
		 * takes long.
		 *
		 * @param enabled Whether there is one.
		 * @param delay Time after which it is made; when not set, that within which 95 %
		 * of the calls of the method are answered.
		 * @param minDelay Least such time, when the delay is not set.
		 */
		public record Hedging(@DefaultValue("true") boolean enabled, @Nullable @DurationMin Duration delay,
				@DefaultValue("50ms") @DurationMin Duration minDelay) {

			static final Hedging DEFAULT = new Hedging(true, null, Duration.ofMillis(50));

		}

	}

}
