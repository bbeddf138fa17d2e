package com.example.platform.configclient.revision;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import com.example.platform.configclient.keys.Precedence;
import com.example.platform.configclient.revision.RevisionPropertySource.FileOrigin;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;

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

	/**
	 * Marks the origin of a value that the config server has decrypted.
	 */
	public static final String SECRET = " (secret)";

	public static RevisionContent of(Environment environment) {
		Map<String, Property> properties = new LinkedHashMap<>();
		Precedence precedence = new Precedence();
		for (PropertySource source : environment.getPropertySources()) {
			for (Map.Entry<?, ?> entry : source.getSource().entrySet()) {
				String key = entry.getKey().toString();
				if (precedence.take(KeyNames.of(key), source)) {
					properties.put(key, property(entry.getValue()));
				}
			}
		}
		return new RevisionContent(String.valueOf(environment.getVersion()), properties);
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
	 * Compares with another revision of the same service.
	 * @param other the other one
	 * @return keys that stand in one alone or with another value, in canonical form
	 */
	public Set<String> changedKeys(RevisionContent other) {
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
		properties.forEach((key, property) -> values.put(KeyNames.canonical(key), property.value));
		return values;
	}

	/**
	 * Finds the place of what is wrong.
	 * @param key a key, or what several keys have in common
	 * @param reason what is wrong, which may show values
	 * @return the problem, at the first of the keys and without secrets
	 */
	public Problem problem(String key, String reason) {
		FileOrigin origin = properties.entrySet()
			.stream()
			.filter((property) -> KeyNames.isBelow(KeyNames.canonical(property.getKey()), key))
			.map((property) -> property.getValue().place())
			.filter(Objects::nonNull)
			.min(Comparator.comparing(FileOrigin::file).thenComparing(FileOrigin::line))
			.orElse(null);
		return (origin != null) ? new Problem(origin.file(), origin.line(), key, redact(reason))
				: new Problem(null, null, key, redact(reason));
	}

	/**
	 * Makes a problem of a value that cannot be used.
	 * @param flaw what is wrong, without secrets
	 * @return the same, with file and line where they are known
	 */
	public static Problem problem(Flaw flaw) {
		return (flaw.origin() instanceof FileOrigin place)
				? new Problem(place.file(), place.line(), flaw.key(), flaw.reason())
				: new Problem(null, null, flaw.key(), flaw.reason());
	}

	/**
	 * Takes what the config server has decrypted out of a text.
	 * @param text any text
	 * @return the text with asterisks for secrets
	 */
	public String redact(String text) {
		String redacted = text;
		for (String secret : secrets()) {
			redacted = redacted.replace(secret, "******");
		}
		return redacted;
	}

	/**
	 * Returns what the config server has decrypted, longest first: one may be a part of
	 * another.
	 */
	List<String> secrets() {
		return properties.values()
			.stream()
			.filter((property) -> property.secret && property.value != null)
			.map((property) -> String.valueOf(property.value))
			.filter((secret) -> !secret.isBlank())
			.sorted(Comparator.comparingInt(String::length).reversed())
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

		public @Nullable FileOrigin place() {
			return (origin != null) ? FileOrigin.of(origin) : null;
		}

		@Override
		public String toString() {
			return (secret ? "******" : value) + " (" + origin + ")";
		}

	}

}
