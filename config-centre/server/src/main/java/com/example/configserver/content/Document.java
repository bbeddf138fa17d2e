package com.example.configserver.content;

import java.util.List;

import org.springframework.core.env.Profiles;

/**
 * One document of a file: settings that apply together.
 *
 * @param name what clients know it by: the file, and its number if there are several
 * @param settings in the order of the file; not empty
 * @param onProfile profile expressions of which one must hold; empty to apply always
 */
record Document(String name, List<Setting> settings, List<String> onProfile) {

	String file() {
		return settings.get(0).file();
	}

	boolean applies(List<String> active) {
		return onProfile.isEmpty() || Profiles.of(onProfile.toArray(String[]::new)).matches(active::contains);
	}

}
