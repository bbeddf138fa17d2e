package com.example.launcher.cli;

import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.api.Difference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./dev config diff}.
 */
@Command(name = "diff", mixinStandardHelpOptions = true,
		description = "Shows which values change between two revisions, service by service.")
final class ConfigDiff extends ConfigCommand {

	@Parameters(index = "0", paramLabel = "FROM", arity = "0..1",
			description = "Older revision; default: the one released before TO")
	private @Nullable String from;

	@Parameters(index = "1", paramLabel = "TO", arity = "0..1",
			description = "Newer revision; default: the current one")
	private @Nullable String to;

	@Option(names = "--service", paramLabel = "NAME", description = "Only what changes for this service.")
	private @Nullable String service;

	ConfigDiff() {
	}

	@Override
	void run(ConfigServer server, Console console) {
		Difference difference = server.difference(from, to, service);
		console.line(Table.plain(difference.from() + " -> " + difference.to()));
		if (difference.services().isEmpty()) {
			console.line("No value changes.");
		}
		for (Difference.OfService changed : difference.services()) {
			console.line("");
			Table table = new Table(changed.service(), "", "", "");
			for (Difference.Change change : changed.changes()) {
				table.row("  " + change.key(), value(change.before()) + " -> " + value(change.after()),
						ConfigText.place(change.file(), change.line()), effect(change.live()));
			}
			console.table(table);
		}
	}

	private static String value(@Nullable String value) {
		return (value != null) ? value : "(not set)";
	}

	private static String effect(@Nullable Boolean live) {
		if (live == null) {
			return "";
		}
		return live ? "live" : "after a restart";
	}

}
