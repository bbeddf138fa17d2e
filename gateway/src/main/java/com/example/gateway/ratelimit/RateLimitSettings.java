package com.example.gateway.ratelimit;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often callers may ask; live configuration.
 *
 * @param maxCallers Most callers that one limit remembers. One that is forgotten begins
 * anew with a full bucket.
 * @param limits Limits by name. A request must find room in each that is for its route.
 */
@Live
@ConfigurationProperties("platform.gateway.rate-limit")
record RateLimitSettings(@DefaultValue("50000") @Min(1) @Max(10_000_000) int maxCallers, @DefaultValue Map<@Pattern(
		regexp = "[a-z0-9-]{1,40}",
		message = "a limit's name consists of lower case letters, digits and dashes") String, @Valid Limit> limits) {

	/**
	 * A limit: a token bucket for each caller. All gateways together let through so many.
	 *
	 * @param requests Requests that a caller may make in each period.
	 * @param per The period, a second at least.
	 * @param burst Most requests at once, after a pause; as many as in a period if not
	 * set.
	 * @param by What a caller is: address, the network address of the client; user, the
	 * name of who has signed in; header:NAME, the value of a header such as an API key;
	 * everyone, all together. Without a user or the header it is the address.
	 * @param routes Ids of the routes that it is for; all if empty.
	 */
	@ConfigurationPropertiesSource
	record Limit(@Min(1) @Max(1_000_000) int requests,
			@DefaultValue("1s") @DurationMin(seconds = 1) @DurationMax(days = 1) Duration per,
			@Nullable @Min(1) @Max(1_000_000) Integer burst,
			@DefaultValue("address") @Pattern(regexp = "address|user|everyone|header:[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}",
					message = "must be address, user, everyone, or header: and a header's name") String by,
			@DefaultValue Set<String> routes) {

		int capacity() {
			return (burst != null) ? burst : requests;
		}

		/**
		 * Returns how long an empty bucket takes to be full, a second more so that it
		 * surely is.
		 */
		Duration timeToFill(int gateways) {
			return per.multipliedBy(Math.max(capacity(), gateways)).dividedBy(requests).plusSeconds(1);
		}

		boolean isFor(String route) {
			return routes.isEmpty() || routes.contains(route);
		}

	}

}
