package com.example.configserver.content;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Profiles;

/**
 * One document of a file: settings that apply together. Equal only to itself.
 */
final class Document {

	private final String name;

	private final List<Setting> settings;

	private final String condition;

	private final @Nullable Profiles profiles;

	/**
	 * Creates a document.
	 * @param name what clients know it by: the file, and its number if there are several
	 * @param settings in the order of the file
	 * @param onProfile profile expressions of which one must hold; empty to apply always
	 */
	Document(String name, List<Setting> settings, List<String> onProfile) {
		this.name = name;
		this.settings = List.copyOf(settings);
		this.condition = String.join(",", onProfile);
		this.profiles = onProfile.isEmpty() ? null : Profiles.of(onProfile.toArray(String[]::new));
	}

	String name() {
		return name;
	}

	List<Setting> settings() {
		return settings;
	}

	/**
	 * Returns when the document applies.
	 * @return its profile expressions; empty for always
	 */
	String condition() {
		return condition;
	}

	boolean applies(List<String> active) {
		return profiles == null || profiles.matches(active::contains);
	}

}
