package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.SplittableRandom;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

/**
 * Targets with settings that tests vary.
 */
public final class TestTargets {

	/** Round robin and nothing else, but for ejection after three failures in a row. */
	public static final TargetSettings SETTINGS = settings(PolicyName.ROUND_ROBIN);

	private TestTargets() {
	}

	/** The targets of a process, all with the same settings. */
	public static Targets of(ServiceDirectory directory) {
		return new Targets(directory, "caller-1", (service) -> SETTINGS, System::nanoTime, new SplittableRandom(42));
	}

	/** Settings with a policy. */
	public static TargetSettings settings(PolicyName policy) {
		return new TargetSettings(policy, PolicyOptions.DEFAULTS, "x-user-id", Duration.ZERO,
				new TargetSettings.Zone(null, 1, 0.5), new TargetSettings.Canary("version", "2.0", 0), 0,
				new TargetSettings.Ejection(true, 3, Duration.ofSeconds(5), 20, Duration.ofSeconds(60),
						Duration.ofSeconds(60), 0.5));
	}

}
