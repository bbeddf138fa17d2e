package com.example.platform.loadbalancing;

import java.time.Duration;
import java.util.SplittableRandom;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

/**
 * Called services with settings that tests vary.
 */
public final class TestServices {

	/** Round robin and nothing else, but for ejection after three failures in a row. */
	public static final BalancingSettings SETTINGS = settings(PolicyName.ROUND_ROBIN);

	private TestServices() {
	}

	/** The services that a process calls, all with the same settings. */
	public static CalledServices of(ServiceDirectory directory) {
		return new CalledServices(directory, "caller-1", (service) -> SETTINGS, System::nanoTime,
				new SplittableRandom(42));
	}

	/** Settings with a policy. */
	public static BalancingSettings settings(PolicyName policy) {
		return new BalancingSettings(policy, PolicyOptions.DEFAULTS, "x-user-id", Duration.ZERO,
				new BalancingSettings.Zone(null, 1, 0.5), new BalancingSettings.Canary("version", "2.0", 0), 0,
				new BalancingSettings.Ejection(true, 3, Duration.ofSeconds(5), 20, Duration.ofSeconds(60),
						Duration.ofSeconds(60), 0.5));
	}

}
