package com.example.launcher.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.api.Contents;
import com.example.platform.configprotocol.api.Difference;
import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.History;
import com.example.platform.configprotocol.api.Keys;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Revision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands of {@code ./dev config} that show what a config server has.
 */
final class ConfigQueries {

	private static final int MOST_REVISIONS = 1000;

	private static final int PERCENT = 100;

	private ConfigQueries() {
	}

	@Command(name = "history", mixinStandardHelpOptions = true,
			description = "Lists the newest revisions and what became of them.")
	static void history(@Mixin ConfigInvocation invocation, @Option(names = { "-n", "--number" }, paramLabel = "N",
			defaultValue = "20", description = "Number of revisions; default: ${DEFAULT-VALUE}") int number) {
		invocation.requireBetween("-n", number, 1, MOST_REVISIONS);
		Console console = invocation.console();
		Table table = new Table("REVISION", "STATE", "TIME", "AUTHOR", "MESSAGE");
		History history = invocation.server().history(number);
		history.unreadable().forEach((entry) -> console.line("Not part of any revision: " + entry));
		for (Revision revision : history.revisions()) {
			table.row(revision.id(), ConfigText.state(revision), ConfigText.time(revision.time()), revision.author(),
					revision.subject());
			revision.problems().forEach((problem) -> table.note(problem.toString()));
			if (revision.reason() != null) {
				table.note(revision.reason());
			}
		}
		if (history.revisions().isEmpty()) {
			console.line("There is no revision yet. Save a file of the configuration to make one.");
			return;
		}
		console.table(table);
	}

	@Command(name = "diff", mixinStandardHelpOptions = true,
			description = "Shows which values change between two revisions, service by service.")
	static void diff(@Mixin ConfigInvocation invocation,
			@Parameters(index = "0", paramLabel = "FROM", arity = "0..1",
					description = "Older revision; default: the one released before TO") @Nullable String from,
			@Parameters(index = "1", paramLabel = "TO", arity = "0..1",
					description = "Newer revision; default: the current one") @Nullable String to,
			@Option(names = "--service", paramLabel = "NAME",
					description = "Only what changes for this service.") @Nullable String service) {
		Console console = invocation.console();
		Difference difference = invocation.server().difference(from, to, service);
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

	@Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the files of a revision.")
	static void show(@Mixin ConfigInvocation invocation,
			@Parameters(paramLabel = "REVISION", arity = "0..1", defaultValue = "current",
					description = "Revision, branch or tag; default: ${DEFAULT-VALUE}") String revision,
			@Option(names = "--service", paramLabel = "NAME",
					description = "Only the files that this service gets.") @Nullable String service) {
		Console console = invocation.console();
		Contents contents = invocation.server().contents(revision, service);
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

	@Command(name = "status", mixinStandardHelpOptions = true,
			description = "Shows what is released, which instance runs on what, and what happened last.")
	static void status(@Mixin ConfigInvocation invocation) {
		Console console = invocation.console();
		Overview overview = invocation.server().overview();
		released(overview, console);
		if (!overview.instances().isEmpty()) {
			console.line("");
			console.table(instances(overview.instances()));
		}
		if (!overview.events().isEmpty()) {
			console.line("");
			Table table = new Table("TIME", "EVENT", "REVISION", "AUTHOR", "MESSAGE");
			overview.events()
				.forEach((event) -> table.row(ConfigText.time(event.time()), event.kind(),
						ConfigText.orNothing(event.revision()), ConfigText.orNothing(event.author()),
						orEmpty(event.message())));
			console.table(table);
		}
	}

	private static void released(Overview overview, Console console) {
		console.line(Table.plain("Current  " + ConfigText.orNothing(overview.current())));
		if (overview.head() != null && !Objects.equals(overview.head(), overview.current())) {
			console.line(Table.plain("Saved    " + overview.head()));
		}
		if (!overview.drift().isEmpty()) {
			console.line(Table.plain("Drift    " + String.join(", ", overview.drift()) + ": not as in the history"));
		}
		overview.unreadable().forEach((entry) -> console.line(Table.plain("Unread   " + entry)));
		GrayRelease gray = overview.gray();
		if (gray != null) {
			console.line(Table.plain("Gray     %s since %s by %s%s".formatted(
					(gray.revision() != null) ? gray.revision() : "what is saved next", ConfigText.time(gray.since()),
					ConfigText.orNothing(gray.author()), (gray.message() != null) ? ": " + gray.message() : "")));
			console.line("         on " + ConfigText.receivers(gray));
			if (gray.comparison() != null) {
				console.line("         gray:   " + side(gray.comparison().gray()));
				console.line("         others: " + side(gray.comparison().others()));
			}
		}
	}

	private static Table instances(List<Overview.Instance> instances) {
		Table table = new Table("INSTANCE", "REVISION", "SOURCE", "SINCE", "");
		for (Overview.Instance instance : instances) {
			table.row(instance.instance(), ConfigText.orNothing(instance.revision()),
					ConfigText.orNothing(instance.source()), ConfigText.time(instance.since()),
					instance.gray() ? "gray" : "");
			Refused refused = instance.refused();
			if (refused != null) {
				table.note("refused " + refused.revision());
				refused.problems().forEach((problem) -> table.note(problem.toString()));
			}
			if (!instance.pending().isEmpty()) {
				table.note("restart it for " + String.join(", ", instance.pending()));
			}
		}
		return table;
	}

	private static String side(GrayRelease.@Nullable Side side) {
		if (side == null || side.requests() == 0) {
			return "no request yet";
		}
		return String.format(Locale.ROOT, "%d requests, %s failed, 99 %% within %s", side.requests(),
				(side.errorRate() != null) ? String.format(Locale.ROOT, "%.1f %%", side.errorRate() * PERCENT)
						: ConfigText.NOTHING,
				(side.p99Millis() != null) ? String.format(Locale.ROOT, "%.0f ms", side.p99Millis())
						: ConfigText.NOTHING);
	}

	@Command(name = "keys", mixinStandardHelpOptions = true,
			description = "Lists the keys that services know, with what they mean.")
	static void keys(@Mixin ConfigInvocation invocation,
			@Parameters(paramLabel = "SERVICE", arity = "0..1",
					description = "Only the keys of this service.") @Nullable String service,
			@Option(names = "--markdown",
					description = "Print a Markdown table, for the documentation.") boolean markdown) {
		Console console = invocation.console();
		List<Keys.Key> keys = invocation.server()
			.keys(service)
			.keys()
			.stream()
			.sorted(Comparator.comparing(Keys.Key::name))
			.toList();
		if (markdown) {
			markdown(keys, console);
			return;
		}
		Table table = new Table("KEY", "TYPE", "DEFAULT", "CHANGE", "SERVICES", "MEANING");
		keys.forEach((key) -> table.row(key.name(), simple(key.type()), orNone(key.defaultValue()), change(key),
				String.join(", ", key.services()), orEmpty(key.description())));
		console.table(table);
	}

	private static void markdown(List<Keys.Key> keys, Console console) {
		console.line("<!-- Generated by ./dev config keys --markdown -->");
		console.line("");
		console.line("| key | type | default | live | services | meaning |");
		console.line("|---|---|---|---|---|---|");
		for (Keys.Key key : keys) {
			console.line("| %s | %s | %s | %s | %s | %s |".formatted(code(key.name()),
					hasText(key.type()) ? code(simple(key.type())) : "none",
					hasText(key.defaultValue()) ? code(key.defaultValue()) : orNone(key.defaultValue()), change(key),
					cell(String.join(", ", key.services())), cell(orEmpty(key.description()))));
		}
	}

	private static String change(Keys.Key key) {
		return key.live() ? "live" : "restart";
	}

	/** Types without their packages and outer classes. */
	private static String simple(@Nullable String type) {
		return orEmpty(type).replaceAll("[\\w.$]+[.$](\\w+)", "$1");
	}

	private static String orEmpty(@Nullable String text) {
		return (text != null) ? text : "";
	}

	private static String code(@Nullable String text) {
		return "`" + escaped(orEmpty(text)) + "`";
	}

	/** What holds where nothing is configured, in words where that is nothing. */
	private static String orNone(@Nullable String text) {
		return (text == null) ? "none" : text.isBlank() ? "empty" : text;
	}

	private static boolean hasText(@Nullable String text) {
		return text != null && !text.isBlank();
	}

	private static String cell(String text) {
		return escaped(text).replace("<", "&lt;");
	}

	private static String escaped(String text) {
		return Table.plain(text).replace("|", "\\|");
	}

}
