package com.example.launcher.cli;

import java.net.URI;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Checks of arguments beyond their type.
 */
final class Arguments {

	private static final int LAST_PORT = 65_535;

	private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

	private Arguments() {
	}

	static void requirePort(CommandSpec spec, @Nullable Integer port) {
		if (port == null) {
			return;
		}
		if (port < 0 || port > LAST_PORT) {
			throw new ParameterException(spec.commandLine(),
					port + " is no port. Use a number from 1 to " + LAST_PORT + ", or 0 for any free port.");
		}
	}

	static void requireBetween(CommandSpec spec, String name, int number, int least, int most) {
		if (number < least || number > most) {
			throw new ParameterException(spec.commandLine(),
					"%s must be a number from %d to %d, not %d.".formatted(name, least, most, number));
		}
	}

	static void requireHttp(CommandSpec spec, URI address) {
		if (address.getHost() == null || !List.of("http", "https").contains(address.getScheme())) {
			throw new ParameterException(spec.commandLine(),
					address + " is no address of a server. Write it like http://localhost:8888.");
		}
	}

	/** The port of an address on this machine, where alone instances listen. */
	static int loopbackPort(CommandSpec spec, URI address, int defaultPort) {
		requireHttp(spec, address);
		if (!LOOPBACK.contains(address.getHost())) {
			throw new ParameterException(spec.commandLine(),
					"%s is on another machine, from which no instance could be reached: they listen on 127.0.0.1 only. Name an agent on this machine."
						.formatted(address));
		}
		return (address.getPort() != -1) ? address.getPort() : defaultPort;
	}

	static void requirePositive(CommandSpec spec, int number) {
		if (number < 1) {
			throw new ParameterException(spec.commandLine(), "The number of instances must be 1 or more.");
		}
	}

}
