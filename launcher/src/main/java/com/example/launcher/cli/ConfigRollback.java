package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code ./dev config rollback}.
 */
@Command(name = "rollback", mixinStandardHelpOptions = true,
		description = "Releases again what an earlier revision holds.")
final class ConfigRollback extends ConfigChange {

	@Parameters(paramLabel = "REVISION", arity = "0..1",
			description = "The earlier one; default: the one released before the current one")
	private @Nullable String revision;

	ConfigRollback() {
	}

	@Override
	void run(ConfigServer server, Console console, String author, @Nullable String message) {
		console.line("Rolled back; current is " + ConfigText.named(server.rollBack(revision, author, message)) + ".");
	}

}
