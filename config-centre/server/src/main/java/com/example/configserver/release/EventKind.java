package com.example.configserver.release;

import java.time.Clock;
import java.util.Locale;

import com.example.platform.configprotocol.api.Overview.Event;

/**
 * What may happen to a revision.
 */
public enum EventKind {

	/** All instances are to run it. */
	RELEASED,

	/** It does not count, because of what the config server found in it. */
	REFUSED,

	/** The instances of a service do not run it, because of what they found in it. */
	REFUSED_BY_SERVICE,

	/** Some instances are to run it. */
	GRAY,

	/** It was gray and is now for all. */
	PROMOTED,

	/** It was gray, and somebody has taken it back. */
	ABANDONED,

	/** It was gray, and the config server has taken it back. */
	TAKEN_BACK,

	/** It says what an earlier one said. */
	ROLLED_BACK;

	/** The author of what nobody asked for. */
	static final String SERVER = "config-server";

	private static final int LONGEST = 200;

	/**
	 * Makes an event that happens now. Of author and message only the first line counts,
	 * and of that not more than fits into a table.
	 */
	Event event(Clock clock, String revision, String author, String message) {
		return new Event(clock.instant(), word(), revision, shortened(author), shortened(message));
	}

	/** Tells whether an event is of this kind. */
	public boolean is(Event event) {
		return word().equals(event.kind());
	}

	/** Tells whether an event speaks against its revision. */
	public static boolean isSetback(Event event) {
		return REFUSED.is(event) || REFUSED_BY_SERVICE.is(event) || ABANDONED.is(event) || TAKEN_BACK.is(event);
	}

	private String word() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String shortened(String text) {
		String line = text.lines().findFirst().orElse("");
		return (line.length() <= LONGEST) ? line : line.substring(0, LONGEST - 1) + "…";
	}

}
