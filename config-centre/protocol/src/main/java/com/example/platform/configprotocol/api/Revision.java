package com.example.platform.configprotocol.api;

import java.time.Instant;
import java.util.List;

import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * One recorded state of the configuration.
 *
 * @param id short identifier
 * @param parent the one before, {@code null} for the first
 * @param author who made it
 * @param time when it was made
 * @param message what it changes: a line and, for a commit, perhaps more below it
 * @param state what became of it, in capitals: {@code RELEASED}, {@code REFUSED} and so
 * on
 * @param reason why it was taken back or refused, {@code null} if it was not or the
 * problems say so
 * @param problems why it was refused, as far as is known
 */
public record Revision(String id, @Nullable String parent, String author, Instant time, String message, String state,
		@Nullable String reason, List<Problem> problems) {

	/** The first line of the message. */
	public String subject() {
		return message.lines().findFirst().orElse("");
	}

}
