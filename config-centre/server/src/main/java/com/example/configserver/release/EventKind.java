package com.example.configserver.release;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that happened to a revision.
 *
 * @param time when
 * @param kind what
 * @param revision the revision
 * @param author who did it; {@value #SERVER} for the config server by itself
 * @param message why
 */
public record Event(Instant time, Kind kind, String revision, String author, String message) {

	private static final int LONGEST = 200;

	/**
	 * Creates an event.
	 * @param time when
	 * @param kind what
	 * @param revision the revision
	 * @param author who did it
	 * @param message why; only its first line counts, and of that not more than fits into
	 * a table
	 */
	public Event {
		author = shortened(author);
		message = shortened(message);
	}

	private static String shortened(String text) {
		String line = text.lines().findFirst().orElse("");
		return (line.length() <= LONGEST) ? line : line.substring(0, LONGEST - 1) + "…";
	}

	/**
	 * The author of what nobody asked for.
	 */
	public static final String SERVER = "config-server";

	/**
	 * What may happen to a revision.
	 */
	public enum Kind {

		/** All instances are to run it. */
		@JsonProperty("released")
		RELEASED,

		/** It does not count, because of what the config server found in it. */
		@JsonProperty("refused")
		REFUSED,

		/** The instances of a service do not run it, because of what they found in it. */
		@JsonProperty("refused-by-service")
		REFUSED_BY_SERVICE,

		/** Some instances are to run it. */
		@JsonProperty("gray")
		GRAY,

		/** It was gray and is now for all. */
		@JsonProperty("promoted")
		PROMOTED,

		/** It was gray, and somebody has taken it back. */
		@JsonProperty("abandoned")
		ABANDONED,

		/** It was gray, and the config server has taken it back. */
		@JsonProperty("taken-back")
		TAKEN_BACK,

		/** It says what an earlier one said. */
		@JsonProperty("rolled-back")
		ROLLED_BACK

	}

}
