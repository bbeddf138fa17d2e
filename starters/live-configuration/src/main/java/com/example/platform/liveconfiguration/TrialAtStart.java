package com.example.platform.liveconfiguration;

import java.util.List;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Ends a start with a configuration that is of no use to a component, before the
 * component fails with less to say.
 *
 * @param environment the application's environment
 * @param trials asked in this order
 */
public record TrialAtStart(ConfigurableEnvironment environment,
		List<ConfigurationTrial> trials) implements SmartInitializingSingleton {

	@Override
	public void afterSingletonsInstantiated() {
		List<Flaw> flaws = trials.stream()
			.flatMap((trial) -> trial.tryOut(environment).stream())
			.map((flaw) -> flaw.in(environment))
			.toList();
		if (!flaws.isEmpty()) {
			throw new UnusableConfigurationException(flaws);
		}
	}

}
