package com.example.platform.liveconfiguration;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a start that failed because a component can do nothing with its configuration.
 */
final class UnusableConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<UnusableConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableConfigurationException cause) {
		return new FailureAnalysis("The configuration is of no use to this application:\n  " + cause.getMessage(),
				"Correct the file of the configuration, or roll back by ./dev config rollback, and start again.",
				cause);
	}

}
