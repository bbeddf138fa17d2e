package com.example.platform.admission;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How much somebody waits for the answer to a call.
 */
public enum Importance {

	/** Somebody waits. */
	INTERACTIVE,

	/** Nobody waits: it is refused first. */
	BACKGROUND;

	/**
	 * Name of the header of HTTP, and of the metadata entry of gRPC, by which a caller
	 * says so (RFC 9218).
	 */
	public static final String HEADER = "priority";

	/**
	 * Value of the header for what nobody waits for: the urgency that RFC 9218, section
	 * 4.1, reserves for it.
	 */
	public static final String BACKGROUND_PRIORITY = "u=7";

	// A dictionary of structured fields, of which only this member counts.
	private static final Pattern BACKGROUND_URGENCY = Pattern.compile("(^|,)\\s*u=7\\s*(;|,|$)");

	/**
	 * Reads the header.
	 * @param priority what the caller sent, {@code null} for nothing
	 * @return background for an urgency of 7, else interactive
	 */
	public static Importance of(@Nullable String priority) {
		return (priority != null && BACKGROUND_URGENCY.matcher(priority).find()) ? BACKGROUND : INTERACTIVE;
	}

}
