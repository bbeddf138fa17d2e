package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * {@code ./dev config abandon}.
 */
@Command(name = "abandon", mixinStandardHelpOptions = true,
		description = "Ends a gray release: its instances go back to the current revision.")
final class ConfigAbandon extends ConfigChange {

	ConfigAbandon() {
	}

	@Override
	void run(ConfigServer server, Console console, String author, @Nullable String message) {
		console.line("The gray release has ended; current for all is "
				+ ConfigText.named(server.abandon(author, message)) + ".");
	}

}
