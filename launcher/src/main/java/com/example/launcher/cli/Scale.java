package com.example.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev scale}.
 */
@Command(name = "scale", mixinStandardHelpOptions = true,
		description = "Starts or stops instances of a service, or of config-server, until it has N of them.")
final class Scale implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Parameters(paramLabel = "NAME", description = "Name of a service, for example user-service, or config-server.")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private String name;

	@Parameters(paramLabel = "N", description = "Number of instances, 1 or more.")
	private int number;

	Scale() {
	}

	@Override
	public void run() {
		Arguments.requirePositive(spec, number);
		Console console = new Console(spec);
		folders.system(console::step).scale(name, number);
		console.line(name + " has " + number + " healthy instances.");
	}

}
