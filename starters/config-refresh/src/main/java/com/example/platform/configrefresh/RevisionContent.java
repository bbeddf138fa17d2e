package com.example.platform.configrefresh;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.cloud.config.environment.Environment;

/**
 * What one configuration revision says to one service: the effective properties. Two
 * spellings of a key are one key, and a list is taken as a whole from the file with the
 * highest precedence, as Spring Boot does with property sources. Immutable.
 *
 * @param revision the revision
 * @param properties values by key
 */
public record RevisionContent(String revision, Map<String, Property> properties) {

	// The config server sends each value as an object of these two.
	private static final Set<String> VALUE_AND_ORIGIN = Set.of("value", "origin");

	private static final Pattern CAMEL_CASE = Pattern.compile("([a-z0-9])([A-Z])");

	/**
	 * Marks the origin of a value that the config server has decrypted.
	 */
	public static final String SECRET = " (secret)";

	static RevisionContent of(Environment environment) {
		Map<String, Property> properties = new LinkedHashMap<>();
		Set<String> taken = new HashSet<>();
		for (var source : environment.getPropertySources()) {
			Set<String> takenHere = new HashSet<>();
			source.getSource().forEach((name, value) -> {
				String key = name.toString();
				if (taken.contains(canonical(key)) || isCovered(canonical(key), taken)) {
					return;
				}
				takenHere.add(canonical(key));
				properties.put(key, property(value));
			});
			takenHere.forEach((key) -> {
				taken.add(key);
				int index = key.indexOf('[');
				if (index > 0) {
					taken.add(key.substring(0, index));
				}
			});
		}
		return new RevisionContent(String.valueOf(environment.getVersion()), properties);
	}

	private static boolean isCovered(String key, Set<String> taken) {
		int index = key.indexOf('[');
		return index > 0 && taken.contains(key.substring(0, index));
	}

	private static Property property(@Nullable Object value) {
		if (value instanceof Map<?, ?> described && described.keySet().equals(VALUE_AND_ORIGIN)) {
			String origin = String.valueOf(described.get("origin"));
			boolean secret = origin.endsWith(SECRET);
			return new Property(described.get("value"),
					secret ? origin.substring(0, origin.length() - SECRET.length()) : origin, secret);
		}
		return new Property(value, null, false);
	}

	/**
	 * Spells a key in kebab case.
	 * @param key a key in any spelling that Spring Boot accepts
	 * @return the one spelling that such keys are compared by
	 */
	public static String canonical(String key) {
		String dashed = CAMEL_CASE.matcher(key).replaceAll("$1-$2").replace('_', '-');
		return ConfigurationPropertyName.adapt(dashed, '.').toString();
	}

	/**
	 * Compares with another revision of the same service.
	 * @param other the other one
	 * @return keys that stand in one alone or with another value, in canonical form
	 */
	Set<String> changedKeys(RevisionContent other) {
		Map<String, @Nullable Object> own = values();
		Map<String, @Nullable Object> others = other.values();
		Set<String> changed = new TreeSet<>();
		own.forEach((key, value) -> {
			if (!others.containsKey(key) || !Objects.equals(value, others.get(key))) {
				changed.add(key);
			}
		});
		others.keySet().stream().filter((key) -> !own.containsKey(key)).forEach(changed::add);
		return changed;
	}

	private Map<String, @Nullable Object> values() {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		properties.forEach((key, property) -> values.put(canonical(key), property.value));
		return values;
	}

	/**
	 * Takes what the config server has decrypted out of a text.
	 * @param text any text
	 * @return the text with asterisks for secrets
	 */
	String redact(String text) {
		String redacted = text;
		for (String secret : secrets(properties.values())) {
			redacted = redacted.replace(secret, "******");
		}
		return redacted;
	}

	private static List<String> secrets(Collection<Property> properties) {
		return properties.stream()
			.filter((property) -> property.secret && property.value != null)
			.map((property) -> String.valueOf(property.value))
			.filter((secret) -> !secret.isBlank())
			.toList();
	}

	/**
	 * A value and where it stands.
	 *
	 * @param value the value: text, number or truth value
	 * @param origin file, line and column, such as {@code order-service.yml:5:16};
	 * {@code null} where that is unknown
	 * @param secret whether the config server has decrypted it
	 */
	public record Property(@Nullable Object value, @Nullable String origin, boolean secret) {

		@Override
		public String toString() {
			return (secret ? "******" : value) + " (" + origin + ")";
		}

	}

}
