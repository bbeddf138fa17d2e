package com.example.launcher.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Checks of arguments beyond their type.
 */
final class Arguments {

	private static final int LAST_PORT = 65_535;

	private Arguments() {
	}

	static void requirePort(CommandSpec spec, int port) {
		if (port < 0 || port > LAST_PORT) {
			throw new ParameterException(spec.commandLine(),
					port + " is no port. Use a number from 1 to " + LAST_PORT + ", or 0 for any free port.");
		}
	}

	static void requirePositive(CommandSpec spec, int number) {
		if (number < 1) {
			throw new ParameterException(spec.commandLine(), "The number of instances must be 1 or more.");
		}
	}

}
