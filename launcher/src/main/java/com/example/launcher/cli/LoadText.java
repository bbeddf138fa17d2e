package com.example.launcher.cli;

import java.util.Locale;

import com.example.launcher.load.Latency;
import com.example.launcher.load.LoadResult;
import com.example.launcher.load.Second;
import org.jspecify.annotations.Nullable;

/**
 * How a load reads on a terminal.
 */
final class LoadText {

	private static final String SECOND = "%6s %7s %7s %8s %7s %9s %9s %9s %10s";

	private static final String LATENCY = "%-24s %8s %9s %9s %9s %9s %9s";

	private final Console console;

	LoadText(Console console) {
		this.console = console;
	}

	void begin(String what) {
		console.line(what);
		console.line(SECOND.formatted("second", "sent", "ok", "refused", "failed", "not sent", "p50 ms", "p99 ms",
				"under way"));
	}

	void second(Second second) {
		console.line(SECOND.formatted(second.second(), second.sent(), second.ok(), second.refused(), second.failed(),
				second.notSent(), millis(second.p50()), millis(second.p99()), second.underWay()));
	}

	void result(LoadResult result) {
		console.line("");
		console.line(String.format(Locale.ROOT,
				"%d sent in %.1f s: %d ok (%.1f a second), %d refused, %d failed; %d not sent.", result.sent(),
				result.seconds(), result.ok(), result.ok() / result.seconds(), result.refused(), result.failed(),
				result.notSent()));
		console.line("");
		console.line(LATENCY.formatted("ms from when it was due", "count", "p50", "p90", "p99", "p99.9", "max"));
		for (Latency row : result.latencies()) {
			String name = switch (row.by()) {
				case ALL, CLASS -> row.name();
				case OUTCOME -> "  " + row.name();
				case INSTANCE -> "by " + Table.plain(row.name());
			};
			console.line(LATENCY.formatted(name, row.count(), millis(row.p50()), millis(row.p90()), millis(row.p99()),
					millis(row.p999()), millis(row.max())));
		}
		console.line("");
		result.warnings().forEach(console::line);
	}

	private static String millis(@Nullable Double millis) {
		return (millis != null) ? String.format(Locale.ROOT, "%.1f", millis) : "-";
	}

}
