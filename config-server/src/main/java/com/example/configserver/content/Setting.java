package com.example.configserver.content;

import com.example.platform.configrefresh.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A key with its value, as Spring Boot reads both.
 *
 * @param file name of the file
 * @param key full name of the key, as it is written in the file
 * @param value a text, number, boolean or what else YAML knows; an empty text for none
 * @param line line of the file, counted from 1; {@code null} if unknown
 * @param origin file, line and column, separated by colons
 */
record Setting(String file, String key, Object value, @Nullable Integer line, String origin) {

	Problem problem(String reason) {
		return new Problem(file, line, key, reason);
	}

}
