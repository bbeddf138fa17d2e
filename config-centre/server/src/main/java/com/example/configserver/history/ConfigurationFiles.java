package com.example.configserver.history;

import java.util.regex.Pattern;

/**
 * Which files are configuration. What editors and people leave beside it does not count,
 * and hidden folders neither: a projected volume keeps its versions in them.
 */
final class ConfigurationFiles {

	private static final Pattern NAME = Pattern.compile("(?:[^./][^/]*/)*[^./][^/]*\\.(?:yml|yaml|properties)");

	private ConfigurationFiles() {
	}

	/**
	 * Tells whether a file counts.
	 * @param name relative to the folder, with slashes
	 */
	static boolean include(String name) {
		return NAME.matcher(name).matches();
	}

}
