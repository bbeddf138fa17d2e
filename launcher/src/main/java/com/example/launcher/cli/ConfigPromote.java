package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * {@code ./dev config promote}.
 */
@Command(name = "promote", mixinStandardHelpOptions = true,
		description = "Ends a gray release: all instances get its revision.")
final class ConfigPromote extends ConfigChange {

	ConfigPromote() {
	}

	@Override
	void run(ConfigServer server, Console console, String author, @Nullable String message) {
		console.line("All instances get " + ConfigText.named(server.promote(author, message)) + ".");
	}

}
