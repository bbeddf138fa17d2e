package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.api.History;
import com.example.platform.configprotocol.api.Revision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * {@code ./dev config history}.
 */
@Command(name = "history", mixinStandardHelpOptions = true,
		description = "Lists the newest revisions and what became of them.")
final class ConfigHistory extends ConfigCommand {

	private static final int MOST = 1000;

	@Option(names = { "-n", "--number" }, paramLabel = "N", defaultValue = "20",
			description = "Number of revisions; default: ${DEFAULT-VALUE}")
	private int number;

	ConfigHistory() {
	}

	@Override
	void check(CommandSpec arguments) {
		Arguments.requireBetween(arguments, "-n", number, 1, MOST);
	}

	@Override
	void run(ConfigServer server, Console console) {
		Table table = new Table("REVISION", "STATE", "TIME", "AUTHOR", "MESSAGE");
		History history = server.history(number);
		history.unreadable().forEach((entry) -> console.line("Not part of any revision: " + entry));
		for (Revision revision : history.revisions()) {
			table.row(revision.id(), ConfigText.state(revision), ConfigText.time(revision.time()), revision.author(),
					revision.subject());
			revision.problems().forEach((problem) -> table.note(problem.toString()));
			if (revision.reason() != null) {
				table.note(revision.reason());
			}
		}
		if (table.isEmpty()) {
			console.line("There is no revision yet. Save a file of the configuration to make one.");
			return;
		}
		console.table(table);
	}

}
