package com.example.configserver.content;

import com.example.platform.configprotocol.Problem;

/**
 * A key with its value, as both are written in a file.
 *
 * @param file name of the file
 * @param key full name of the key, with dots and indexes
 * @param value the text as it is written, without quotes and escapes; empty for none.
 * Spring converts it to the type of whoever reads it
 * @param form what else YAML makes of it
 * @param line line of the key, counted from 1
 * @param place where the value stands
 */
record Setting(String file, String key, String value, Form form, int line, Place place) {

	Problem problem(String reason) {
		return new Problem(file, line, key, reason);
	}

	/**
	 * Returns what people may see of the value.
	 */
	String shown() {
		return Masking.mask(key, value);
	}

	/**
	 * Returns where the value stands, for people.
	 * @return file, line and column, separated by colons
	 */
	String origin() {
		return file + ":" + place.line + ":" + place.column;
	}

	// Without the value, which may be a secret.
	@Override
	public String toString() {
		return key + " (" + origin() + ")";
	}

	/**
	 * What YAML makes of a value.
	 */
	enum Form {

		/** The same as people. */
		TEXT,

		/** A word such as yes, which is true for YAML. */
		TRUE,

		/** A word such as no, which is false for YAML. */
		FALSE,

		/** A number such as 010, which is 8 for YAML and 10 for Spring. */
		OCTAL,

		/** A list or map without elements. */
		EMPTY

	}

	/**
	 * A place in the text of a file.
	 *
	 * @param line its line, counted from 1
	 * @param column its column, counted from 1
	 * @param start offset of the first character
	 * @param end offset behind the last character
	 */
	record Place(int line, int column, int start, int end) {
	}

}
