package com.example.platform.configrefresh;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.cloud.config.client.ConfigClientFailFastException;
import org.springframework.core.env.Environment;

/**
 * Explains a start that failed because the config server gave no configuration, and says
 * what to do.
 */
final class ConfigServerUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<ConfigClientFailFastException> {

	private final Environment environment;

	ConfigServerUnreachableFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ConfigClientFailFastException cause) {
		String uri = environment.getProperty("spring.cloud.config.uri", "http://localhost:8888");
		return new FailureAnalysis("The config server at " + uri + " gave no configuration: " + reason(cause),
				"""
						Start the whole system with ./dev up, or only the config server, or name another one by \
						SPRING_CLOUD_CONFIG_URI. SPRING_CLOUD_CONFIG_ENABLED=false starts with the defaults in the jar alone.""",
				cause);
	}

	private static @Nullable String reason(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return (root.getMessage() != null) ? root.getMessage() : root.getClass().getSimpleName();
	}

}
