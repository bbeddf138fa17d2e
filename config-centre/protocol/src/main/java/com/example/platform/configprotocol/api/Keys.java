package com.example.platform.configprotocol.api;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The keys that services know.
 *
 * @param keys every key
 */
public record Keys(List<Key> keys) {

	/**
	 * One key.
	 *
	 * @param name its name
	 * @param type Java type of its value
	 * @param defaultValue value without any configuration, {@code null} for none
	 * @param live whether running instances follow a change without a restart
	 * @param description what it means
	 * @param services services that know it
	 */
	public record Key(String name, @Nullable String type, @Nullable String defaultValue, boolean live,
			@Nullable String description, List<String> services) {

	}

}
