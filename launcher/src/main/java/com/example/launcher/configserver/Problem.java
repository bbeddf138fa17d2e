package com.example.launcher.configserver;

import org.jspecify.annotations.Nullable;

/**
 * Why a value is not accepted.
 *
 * @param file file in which it stands, {@code null} if it stands in none
 * @param line line in the file, from 1, {@code null} if unknown
 * @param key key of the value, {@code null} if the whole file is meant
 * @param reason what is wrong
 */
public record Problem(@Nullable String file, @Nullable Integer line, @Nullable String key, String reason) {

	/**
	 * Place, key and reason on a line: {@code file:line}, as editors and terminals know
	 * it.
	 */
	@Override
	public String toString() {
		String place = (file == null) ? "" : (line == null) ? file : file + ":" + line;
		String where = (place + " " + ((key != null) ? key : "")).strip();
		return where.isEmpty() ? reason : where + ": " + reason;
	}

}
