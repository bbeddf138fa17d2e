package com.example.platform.loadbalancing.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

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
import org.springframework.validation.annotation.Validated;

/**
 * Configuration of load balancing.
 *
 * @param enabled Whether to balance calls by these policies.
 * @param zone Zone of this process, whose instances are preferred; none when empty.
 * @param defaults How calls are balanced to services that have no settings of their own.
 * @param services Settings by called service; what they leave out is as in the defaults.
 */
@Validated
@ConfigurationProperties("platform.load-balancing")
record LoadBalancingProperties(@RequiresRestart @DefaultValue("true") boolean enabled, @DefaultValue("") String zone,
		@Valid @DefaultValue Settings defaults, @DefaultValue Map<String, @Valid Settings> services) {

	BalancingSettings of(String service) {
		Settings own = services.get(service);
		Settings settings = (own != null) ? own.orElse(defaults) : defaults;
		return settings.orElse(Settings.BUILT_IN).toTargetSettings(zone);
	}

	/**
	 * Settings of one called service; {@code null} where it says nothing.
	 *
	 * @param policy How an instance is chosen.
	 * @param keyHeader HTTP header or gRPC metadata entry that holds the key of a call.
	 * @param rendezvousUpTo Number of instances up to which a consistent hash looks at
	 * each.
	 * @param balanceFactor Bound on a node's share of the calls in flight under
	 * consistent hashing, such as 1.25; 0 for none.
	 * @param slowStart Time in which an instance that has just come up gets its full
	 * share.
	 * @param preferZone Whether instances of the own zone are preferred.
	 * @param zoneMinInstances Fewest usable instances with which the own zone is used
	 * alone.
	 * @param zoneMinShare Smallest size, as a share of the average zone's, with which the
	 * own zone is used alone.
	 * @param canaryLabel Metadata entry that tells canaries.
	 * @param canaryValue Value of that entry at a canary.
	 * @param canaryPercent Share of the calls without {@code x-canary} that go to
	 * canaries.
	 * @param subsetSize Most instances that one process uses; 0 for all.
	 * @param ejection When an instance is taken out for what calls experience.
	 */
	record Settings(@Nullable PolicyName policy,
			@Nullable @Pattern(regexp = METADATA_NAME, message = METADATA_NAME_RULE) String keyHeader,
			@Nullable @Min(0) Integer rendezvousUpTo, @Nullable @DecimalMin("0") Double balanceFactor,
			@Nullable Duration slowStart, @Nullable Boolean preferZone, @Nullable @Min(1) Integer zoneMinInstances,
			@Nullable @DecimalMin("0") @DecimalMax("1") Double zoneMinShare, @Nullable String canaryLabel,
			@Nullable String canaryValue, @Nullable @DecimalMin("0") @DecimalMax("100") Double canaryPercent,
			@Nullable @Min(0) Integer subsetSize, @Nullable @Valid Ejection ejection) {

		// What gRPC allows, and empty for none where the defaults have one.
		private static final String METADATA_NAME = "(?!.*-[Bb][Ii][Nn]$)[A-Za-z0-9_.-]*";

		private static final String METADATA_NAME_RULE = "must consist of letters, digits, '-', '_' and '.', and not"
				+ " end in -bin, as names of gRPC metadata do";

		static final Settings BUILT_IN = new Settings(PolicyName.LEAST_REQUEST, null, 128, 0.0, Duration.ZERO, true, 1,
				0.5, null, "true", 0.0, 0, Ejection.BUILT_IN);

		Settings orElse(Settings other) {
			return new Settings(first(policy, other.policy), first(keyHeader, other.keyHeader),
					first(rendezvousUpTo, other.rendezvousUpTo), first(balanceFactor, other.balanceFactor),
					first(slowStart, other.slowStart), first(preferZone, other.preferZone),
					first(zoneMinInstances, other.zoneMinInstances), first(zoneMinShare, other.zoneMinShare),
					first(canaryLabel, other.canaryLabel), first(canaryValue, other.canaryValue),
					first(canaryPercent, other.canaryPercent), first(subsetSize, other.subsetSize),
					(ejection != null && other.ejection != null) ? ejection.orElse(other.ejection)
							: first(ejection, other.ejection));
		}

		// Called on settings that the built-in ones have completed.
		private BalancingSettings toTargetSettings(String zone) {
			boolean near = !zone.isEmpty() && Boolean.TRUE.equals(preferZone);
			return new BalancingSettings(given(policy), new PolicyOptions(given(rendezvousUpTo), given(balanceFactor)),
					(keyHeader != null && !keyHeader.isEmpty()) ? keyHeader : null, given(slowStart),
					new BalancingSettings.Zone(near ? zone : null, given(zoneMinInstances), given(zoneMinShare)),
					new BalancingSettings.Canary(canaryLabel, given(canaryValue), given(canaryPercent)),
					given(subsetSize), given(ejection).toTargetSettings());
		}

	}

	/**
	 * When an instance is taken out for what calls experience.
	 *
	 * @param enabled Whether to.
	 * @param consecutiveFailures Failures in a row that take an instance out.
	 * @param interval Window in which success rates are compared.
	 * @param minRequests Fewest calls in a window that make an instance comparable.
	 * @param baseTime Time out, for each ejection in a row.
	 * @param maxTime Longest time out.
	 * @param maxShare Largest share of the instances that may be out; one always stays.
	 */
	record Ejection(@Nullable Boolean enabled, @Nullable @Min(1) Integer consecutiveFailures,
			@Nullable Duration interval, @Nullable @Min(1) Integer minRequests, @Nullable Duration baseTime,
			@Nullable Duration maxTime, @Nullable @DecimalMin("0") @DecimalMax("1") Double maxShare) {

		static final Ejection BUILT_IN = new Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
				Duration.ofMinutes(1), 0.5);

		Ejection orElse(Ejection other) {
			return new Ejection(first(enabled, other.enabled), first(consecutiveFailures, other.consecutiveFailures),
					first(interval, other.interval), first(minRequests, other.minRequests),
					first(baseTime, other.baseTime), first(maxTime, other.maxTime), first(maxShare, other.maxShare));
		}

		private BalancingSettings.Ejection toTargetSettings() {
			return new BalancingSettings.Ejection(given(enabled), given(consecutiveFailures), given(interval),
					given(minRequests), given(baseTime), given(maxTime), given(maxShare));
		}

	}

	private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
		return (own != null) ? own : other;
	}

	private static <T> T given(@Nullable T value) {
		return Objects.requireNonNull(value);
	}

}
