package com.example.platform.configclient;

import java.util.List;
import java.util.stream.Collectors;

import com.example.platform.configprotocol.Problem;

/**
 * An application cannot start with its configuration. The message lists all problems, a
 * line each.
 */
public final class UnusableConfigurationException extends RuntimeException {

	UnusableConfigurationException(List<Problem> problems) {
		super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ")));
	}

}
