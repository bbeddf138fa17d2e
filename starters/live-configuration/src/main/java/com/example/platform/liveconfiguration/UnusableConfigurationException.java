package com.example.platform.liveconfiguration;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An application cannot start with its configuration. The message lists all flaws, a line
 * each.
 */
public final class UnusableConfigurationException extends RuntimeException {

	UnusableConfigurationException(List<Flaw> flaws) {
		super(flaws.stream().map(Flaw::toString).collect(Collectors.joining("\n  ")));
	}

}
