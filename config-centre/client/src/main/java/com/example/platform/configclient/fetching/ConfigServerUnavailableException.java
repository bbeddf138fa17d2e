package com.example.platform.configclient.fetching;

import java.util.List;

/**
 * No config server gave the configuration.
 */
public final class ConfigServerUnavailableException extends RuntimeException {

	private final List<String> failures;

	ConfigServerUnavailableException(List<String> failures) {
		super("No config server gave the configuration: " + String.join("; ", failures));
		this.failures = List.copyOf(failures);
	}

	/**
	 * Returns what each server answered.
	 * @return a sentence per server that was asked
	 */
	public List<String> failures() {
		return failures;
	}

}
