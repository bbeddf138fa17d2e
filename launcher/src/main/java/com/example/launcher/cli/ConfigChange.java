package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A command that changes what instances get; the history keeps who gave it and why.
 */
abstract class ConfigChange extends ConfigCommand {

	@Option(names = { "-m", "--message" }, paramLabel = "MESSAGE", description = "Why, for the history.")
	private @Nullable String message;

	@Override
	final void run(ConfigServer server, Console console) {
		run(server, console, System.getProperty("user.name"), message);
	}

	abstract void run(ConfigServer server, Console console, String author, @Nullable String message);

}
