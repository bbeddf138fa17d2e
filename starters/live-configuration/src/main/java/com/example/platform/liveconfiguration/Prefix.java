package com.example.platform.liveconfiguration;

import java.util.Collection;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * What a group of keys has in common, such as {@code orders.limits}. Spellings of a key
 * are the same key.
 *
 * @param name the first elements of the keys; the empty one stands for all keys
 */
public record Prefix(ConfigurationPropertyName name) {

	/**
	 * Creates a prefix.
	 * @param text in any spelling that Spring Boot accepts
	 * @return the prefix
	 */
	public static Prefix of(String text) {
		return new Prefix(ConfigurationPropertyName.adapt(text, '.'));
	}

	/**
	 * Tells whether a change of a key concerns those who are bound to this prefix.
	 * @param key the key
	 * @return whether it is the prefix or below it
	 */
	public boolean covers(String key) {
		return covers(ConfigurationPropertyName.adapt(key, '.'));
	}

	/**
	 * Tells whether a change of keys concerns those who are bound to this prefix.
	 * @param keys the keys
	 * @return whether one of them is the prefix or below it
	 */
	public boolean coversAny(Collection<String> keys) {
		return keys.stream().anyMatch(this::covers);
	}

	boolean covers(ConfigurationPropertyName key) {
		return name.equals(key) || name.isAncestorOf(key);
	}

}
