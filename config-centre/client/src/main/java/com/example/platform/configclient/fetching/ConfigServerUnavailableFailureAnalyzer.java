package com.example.platform.configclient.fetching;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do about a start that no config server and no snapshot gave a
 * configuration.
 */
final class ConfigServerUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<ConfigServerUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ConfigServerUnavailableException cause) {
		return new FailureAnalysis(cause.getMessage() + ", and there is no snapshot of an earlier one.",
				"""
						Start the whole system with ./dev up, or only the config server, or name another one by \
						SPRING_CLOUD_CONFIG_URI. SPRING_CLOUD_CONFIG_ENABLED=false starts with the defaults in the jar alone.""",
				cause);
	}

}
