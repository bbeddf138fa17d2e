package com.example.platform.configclient;

import java.util.List;

import com.example.platform.configprotocol.Problem;

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
		RevisionPropertySource source = RevisionPropertySource.in(environment);
		List<Problem> problems = trials.stream()
			.flatMap((trial) -> trial.tryOut(environment).stream())
			.map((flaw) -> (source != null) ? source.content().problem(flaw.key(), flaw.reason())
					: new Problem(null, null, flaw.key(), flaw.reason()))
			.toList();
		if (!problems.isEmpty()) {
			throw new UnusableConfigurationException(problems);
		}
	}

}
