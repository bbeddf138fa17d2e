package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.configserver.Revision;
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
		Revision abandoned = server.abandon(author, message);
		console.line((abandoned != null) ? ConfigText.named(abandoned) + " is abandoned."
				: "The gray release has ended before anything was saved.");
	}

}
