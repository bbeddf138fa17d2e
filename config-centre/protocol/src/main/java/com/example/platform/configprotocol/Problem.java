package com.example.platform.configprotocol;

import org.jspecify.annotations.Nullable;

/**
 * Why a configuration revision is refused. It never holds a value of the configuration,
 * since values may be secrets.
 *
 * @param file the file, relative to the folder of the configuration; {@code null} where
 * it is unknown
 * @param line its line, counted from 1; {@code null} where there is none
 * @param key the key; {@code null} where the file as a whole is at fault
 * @param reason what is wrong and what is right, as a sentence without its full stop
 */
public record Problem(@Nullable String file, @Nullable Integer line, @Nullable String key, String reason) {

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		if (file != null) {
			text.append(file).append((line != null) ? ":" + line : "").append(' ');
		}
		if (key != null) {
			text.append(key);
		}
		return text.toString().strip() + ": " + reason;
	}

}
