package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;
import org.jspecify.annotations.Nullable;

/**
 * How calls to one service are balanced.
 *
 * @param policy how an instance is chosen
 * @param policyOptions what some policies can be told
 * @param keyHeader name of the HTTP header or gRPC metadata entry that holds the key of a
 * call; {@code null} for none
 * @param slowStart time in which an instance that has just come up gets its full share;
 * zero for at once
 * @param zone which instances are near
 * @param canary which instances get only chosen calls
 * @param subsetSize most instances that this process uses, of canaries and of the others
 * each; 0 for all
 * @param ejection when an instance is taken out for what calls experience
 */
public record BalancingSettings(PolicyName policy, PolicyOptions policyOptions, @Nullable String keyHeader,
		Duration slowStart, Zone zone, Canary canary, int subsetSize, Ejection ejection) {

	/**
	 * The nearest zone first.
	 *
	 * @param own this process's zone; {@code null} for no preference
	 * @param minInstances fewest usable instances that the zone must have to be used
	 * alone
	 * @param minShare the same, as a share of the average zone's size
	 */
	public record Zone(@Nullable String own, int minInstances, double minShare) {

		/**
		 * Returns the own zone's instances alone, or all when they are too few.
		 */
		<T> List<T> nearest(List<T> instances, Function<T, String> zoneOf) {
			if (own == null) {
				return instances;
			}
			List<T> near = instances.stream().filter((instance) -> own.equals(zoneOf.apply(instance))).toList();
			long zones = instances.stream().map(zoneOf).distinct().count();
			double needed = Math.max(Math.max(1, minInstances), minShare * instances.size() / zones);
			return (near.size() >= needed) ? near : instances;
		}

	}

	/**
	 * Instances for chosen calls: those that ask for them by {@code x-canary: true}, and
	 * a share of those that do not ask.
	 *
	 * @param label name of the metadata entry that tells canaries; {@code null} for none
	 * @param value what the entry is at a canary
	 * @param percent share of the calls that do not ask; the same for the same key
	 */
	public record Canary(@Nullable String label, String value, double percent) {

		boolean has(Map<String, String> labels) {
			return label != null && value.equals(labels.get(label));
		}

	}

	/**
	 * Taking out instances for what calls experience.
	 *
	 * @param enabled whether to
	 * @param consecutiveFailures failures in a row that take an instance out
	 * @param interval length of the window in which success rates are compared
	 * @param minRequests fewest calls in a window that make an instance comparable
	 * @param baseTime how long it is out the first time; grows with each time in a row
	 * @param maxTime longest time out
	 * @param maxShare largest share of the instances that may be out; one always stays
	 */
	public record Ejection(boolean enabled, int consecutiveFailures, Duration interval, int minRequests,
			Duration baseTime, Duration maxTime, double maxShare) {
	}

}
