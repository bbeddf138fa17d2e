package com.example.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.Overview;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * {@code ./dev config status}.
 */
@Command(name = "status", mixinStandardHelpOptions = true,
		description = "Shows what is released, which instance runs on what, and what happened last.")
final class ConfigStatus extends ConfigCommand {

	private static final int PERCENT = 100;

	ConfigStatus() {
	}

	@Override
	void run(ConfigServer server, Console console) {
		Overview overview = server.overview();
		released(overview).forEach(console::line);
		if (!overview.instances().isEmpty()) {
			console.line("");
			console.table(instances(overview.instances()));
		}
		if (!overview.events().isEmpty()) {
			console.line("");
			console.table(events(overview.events()));
		}
	}

	private static List<String> released(Overview overview) {
		List<String> lines = new ArrayList<>();
		lines.add("Current  " + ConfigText.orNothing(overview.current()));
		if (overview.head() != null && !Objects.equals(overview.head(), overview.current())) {
			lines.add("Saved    " + overview.head());
		}
		if (!overview.drift().isEmpty()) {
			lines.add("Drift    " + String.join(", ", overview.drift()) + ": not as in the history");
		}
		overview.unreadable().forEach((entry) -> lines.add("Unread   " + entry));
		GrayRelease gray = overview.gray();
		if (gray != null) {
			lines.add("Gray     %s since %s by %s%s".formatted(
					(gray.revision() != null) ? gray.revision() : "what is saved next", ConfigText.time(gray.since()),
					ConfigText.orNothing(gray.author()), (gray.message() != null) ? ": " + gray.message() : ""));
			lines.add("         on " + ConfigText.receivers(gray));
			if (gray.comparison() != null) {
				lines.add("         gray:   " + side(gray.comparison().gray()));
				lines.add("         others: " + side(gray.comparison().others()));
			}
		}
		return lines.stream().map(Table::plain).toList();
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

	private static Table events(List<Overview.Event> events) {
		Table table = new Table("TIME", "EVENT", "REVISION", "AUTHOR", "MESSAGE");
		for (Overview.Event event : events) {
			table.row(ConfigText.time(event.time()), event.kind(), ConfigText.orNothing(event.revision()),
					ConfigText.orNothing(event.author()), (event.message() != null) ? event.message() : "");
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

}
