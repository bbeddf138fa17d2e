package com.example.platform.configprotocol;

import org.jspecify.annotations.Nullable;

/**
 * A key that a service obeys.
 *
 * @param name the key in kebab case; an element {@code *} stands for the key of a map
 * @param type the value's Java type, with its package
 * @param defaultValue what holds where nothing is configured; {@code null} for nothing
 * @param live whether a running instance obeys a change
 * @param description what it means
 */
public record ConfigKey(String name, String type, @Nullable String defaultValue, boolean live,
		@Nullable String description) {

}
