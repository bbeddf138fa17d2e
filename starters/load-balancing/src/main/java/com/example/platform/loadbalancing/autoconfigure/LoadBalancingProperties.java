package com.example.platform.loadbalancing.autoconfigure;

import java.time.Duration;
import java.util.Map;

import com.example.platform.liveconfiguration.DefaultsFrom;
import com.example.platform.liveconfiguration.RequiresRestart;
import com.example.platform.loadbalancing.BalancingSettings;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of load balancing.
 *
 * @param enabled Whether to balance calls by these policies.
 * @param zone Zone of this process, whose instances are preferred; none when empty.
 * @param defaults How calls are balanced to services that have no settings of their own.
 * @param services Settings by called service; what they leave out is as in the defaults.
 */
@ConfigurationProperties("platform.load-balancing")
record LoadBalancingProperties(@RequiresRestart @DefaultValue("true") boolean enabled, @DefaultValue("") String zone,
		@Valid @DefaultValue Settings defaults,
		@DefaultsFrom("defaults") @DefaultValue Map<String, @Valid Settings> services) {

	BalancingSettings of(String service) {
		return services.getOrDefault(service, defaults).balancing(zone);
	}

	/**
	 * Settings of one called service.
	 *
	 * @param policy How an instance is chosen.
	 * @param keyHeader HTTP header or gRPC metadata entry that holds the key of a call;
	 * none when empty.
	 * @param rendezvousUpTo Number of instances up to which a consistent hash looks at
	 * each.
	 * @param balanceFactor Bound on a node's share of the calls in flight under
	 * consistent hashing, such as 1.25; 0 for none.
	 * @param slowStart Time in which an instance that has just come up gets its full
	 * share; at once when zero.
	 * @param preferZone Whether instances of the own zone are preferred.
	 * @param zoneMinInstances Fewest usable instances with which the own zone is used
	 * alone.
	 * @param zoneMinShare Smallest size, as a share of the average zone's, with which the
	 * own zone is used alone.
	 * @param canaryLabel Metadata entry that tells canaries; none when empty.
	 * @param canaryValue Value of that entry at a canary.
	 * @param canaryPercent Share of the calls without {@code x-canary} that go to
	 * canaries.
	 * @param subsetSize Most instances that one process uses; 0 for all.
	 * @param ejection When an instance is taken out for what calls experience.
	 */
	record Settings(@DefaultValue("least-request") PolicyName policy,
			@DefaultValue("") @Pattern(regexp = METADATA_NAME, message = METADATA_NAME_RULE) String keyHeader,
			@DefaultValue("128") @Min(0) int rendezvousUpTo, @DefaultValue("0") @DecimalMin("0") double balanceFactor,
			@DefaultValue("0s") Duration slowStart, @DefaultValue("true") boolean preferZone,
			@DefaultValue("1") @Min(1) int zoneMinInstances,
			@DefaultValue("0.5") @DecimalMin("0") @DecimalMax("1") double zoneMinShare,
			@DefaultValue("") String canaryLabel, @DefaultValue("true") String canaryValue,
			@DefaultValue("0") @DecimalMin("0") @DecimalMax("100") double canaryPercent,
			@DefaultValue("0") @Min(0) int subsetSize, @DefaultValue @Valid Ejection ejection) {

		// What gRPC allows, and empty for none where the defaults have one.
		private static final String METADATA_NAME = "(?!.*-[Bb][Ii][Nn]$)[A-Za-z0-9_.-]*";

		private static final String METADATA_NAME_RULE = "must consist of letters, digits, '-', '_' and '.', and not"
				+ " end in -bin, as names of gRPC metadata do";

		private BalancingSettings balancing(String zone) {
			return new BalancingSettings(policy, new PolicyOptions(rendezvousUpTo, balanceFactor), orNone(keyHeader),
					slowStart,
					new BalancingSettings.Zone(preferZone ? orNone(zone) : null, zoneMinInstances, zoneMinShare),
					new BalancingSettings.Canary(orNone(canaryLabel), canaryValue, canaryPercent), subsetSize,
					ejection.balancing());
		}

		private static @Nullable String orNone(String text) {
			return text.isEmpty() ? null : text;
		}

	}

	/**
	 * When an instance is taken out for what calls experience.
	 *
	 * @param enabled Whether instances are taken out.
	 * @param consecutiveFailures Failures in a row that take an instance out.
	 * @param interval Window in which success rates are compared.
	 * @param minRequests Fewest calls in a window that make an instance comparable.
	 * @param baseTime Time that an instance stays out, for each time in a row.
	 * @param maxTime Longest time that an instance stays out.
	 * @param maxShare Largest share of the instances that may be out; one always stays.
	 */
	record Ejection(@DefaultValue("true") boolean enabled, @DefaultValue("5") @Min(1) int consecutiveFailures,
			@DefaultValue("5s") Duration interval, @DefaultValue("20") @Min(1) int minRequests,
			@DefaultValue("5s") Duration baseTime, @DefaultValue("1m") Duration maxTime,
			@DefaultValue("0.5") @DecimalMin("0") @DecimalMax("1") double maxShare) {

		private BalancingSettings.Ejection balancing() {
			return new BalancingSettings.Ejection(enabled, consecutiveFailures, interval, minRequests, baseTime,
					maxTime, maxShare);
		}

	}

}
