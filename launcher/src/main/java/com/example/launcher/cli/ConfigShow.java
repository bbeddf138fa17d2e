package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.api.Contents;
import com.example.platform.configprotocol.api.Revision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./dev config show}.
 */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the files of a revision.")
final class ConfigShow extends ConfigCommand {

	@Parameters(paramLabel = "REVISION", arity = "0..1", defaultValue = "current",
			description = "Revision, branch or tag; default: ${DEFAULT-VALUE}")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private String revision;

	@Option(names = "--service", paramLabel = "NAME", description = "Only the files that this service gets.")
	private @Nullable String service;

	ConfigShow() {
	}

	@Override
	void run(ConfigServer server, Console console) {
		Contents contents = server.contents(revision, service);
		Revision shown = contents.revision();
		// All but the files' own text is a comment, so that the output can be saved.
		console.line(Table.plain("# %s %s, %s, %s: %s".formatted(shown.id(), ConfigText.state(shown), shown.author(),
				ConfigText.time(shown.time()), shown.message())));
		for (Contents.File file : contents.files()) {
			console.line("");
			console.line("# --- " + Table.plain(file.name()));
			console.line(file.text().stripTrailing());
		}
	}

}
