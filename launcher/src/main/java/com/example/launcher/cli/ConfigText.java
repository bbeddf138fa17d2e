package com.example.launcher.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.Revision;
import org.jspecify.annotations.Nullable;

/**
 * How what a config server tells reads on a line.
 */
final class ConfigText {

	static final String NOTHING = "-";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

	private ConfigText() {
	}

	/** To the minute, where the reader is. */
	static String time(@Nullable Instant time) {
		return (time != null) ? TIME.format(time.atZone(ZoneId.systemDefault())) : NOTHING;
	}

	static String orNothing(@Nullable String text) {
		return (text != null) ? text : NOTHING;
	}

	/** {@code file:line}, as editors and terminals know it. */
	static String place(@Nullable String file, @Nullable Integer line) {
		if (file == null) {
			return "";
		}
		return (line != null) ? file + ":" + line : file;
	}

	static String state(Revision revision) {
		return revision.state().equals("UNKNOWN") ? NOTHING : revision.state().toLowerCase(Locale.ROOT);
	}

	/** A revision within a sentence. */
	static String named(Revision revision) {
		return Table.plain(revision.id() + " (" + revision.subject() + ")");
	}

	/** Who gets a gray release and how they were chosen. */
	static String receivers(GrayRelease gray) {
		List<String> choice = new ArrayList<>();
		if (gray.percent() != null) {
			choice.add(gray.percent() + " %");
		}
		gray.labels().forEach((name, value) -> choice.add(name + "=" + value));
		String chosen = String.join(", ", choice);
		if (gray.instances().isEmpty()) {
			return Table.plain("the instances that are chosen by " + chosen);
		}
		return Table.plain(String.join(", ", gray.instances()) + " (" + chosen + ")");
	}

}
