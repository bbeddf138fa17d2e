package com.example.platform.configclient.revision;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.example.platform.configclient.revision.RevisionPropertySource.FileOrigin;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.liveconfiguration.Prefix;
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

	private static final Pattern DASHES_OUTSIDE = Pattern.compile("-(?![^\\[]*])");

	/**
	 * Marks the origin of a value that the config server has decrypted.
	 */
	public static final String SECRET = " (secret)";

	public static RevisionContent of(Environment environment) {
		Map<String, Property> properties = new LinkedHashMap<>();
		Set<ConfigurationPropertyName> taken = new HashSet<>();
		Map<ConfigurationPropertyName, Integer> lists = new HashMap<>();
		for (int source = 0; source < environment.getPropertySources().size(); source++) {
			for (Map.Entry<?, ?> entry : environment.getPropertySources().get(source).getSource().entrySet()) {
				String key = entry.getKey().toString();
				ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
				if (!isHidden(name, source, taken, lists)) {
					taken.add(name);
					properties.put(key, property(entry.getValue()));
				}
			}
		}
		return new RevisionContent(String.valueOf(environment.getVersion()), properties);
	}

	private static boolean isHidden(ConfigurationPropertyName name, int source, Set<ConfigurationPropertyName> taken,
			Map<ConfigurationPropertyName, Integer> lists) {
		boolean hidden = taken.contains(name) || lists.getOrDefault(name, source) != source;
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (name.isNumericIndex(i)) {
				ConfigurationPropertyName list = name.chop(i);
				hidden |= taken.contains(list) || lists.computeIfAbsent(list, (absent) -> source) != source;
			}
		}
		return hidden;
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
	 * Spells a key in kebab case, as far as its words can be told. What stands in
	 * brackets is left as it is, since spellings of a map's key are different keys.
	 * @param key a key in any spelling that Spring Boot accepts
	 * @return the spelling that is shown
	 */
	public static String canonical(String key) {
		StringBuilder dashed = new StringBuilder();
		int depth = 0;
		char before = '.';
		for (int i = 0; i < key.length(); i++) {
			char letter = key.charAt(i);
			depth += (letter == '[') ? 1 : (letter == ']') ? -1 : 0;
			if (depth == 0 && isUpper(letter) && (isLower(before) || isDigit(before))) {
				dashed.append('-');
			}
			dashed.append((depth == 0 && letter == '_') ? '-' : letter);
			before = letter;
		}
		return ConfigurationPropertyName.adapt(dashed, '.').toString();
	}

	/**
	 * Takes out of a key what Spring Boot does not look at: dashes, outside of brackets.
	 * @param key a key in canonical form
	 * @return what it has in common with {@code maxLines}, {@code max-lines} and
	 * {@code maxlines}
	 */
	public static String uniform(String key) {
		return (key.indexOf('[') < 0) ? key.replace("-", "") : DASHES_OUTSIDE.matcher(key).replaceAll("");
	}

	private static boolean isUpper(char letter) {
		return letter >= 'A' && letter <= 'Z';
	}

	private static boolean isLower(char letter) {
		return letter >= 'a' && letter <= 'z';
	}

	private static boolean isDigit(char letter) {
		return letter >= '0' && letter <= '9';
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
		properties.forEach((key, property) -> values.put(canonical(key), property.value));
		return values;
	}

	/**
	 * Finds the place of what is wrong.
	 * @param key a key, or what several keys have in common
	 * @param reason what is wrong, which may show values
	 * @return the problem, at the first of the keys and without secrets
	 */
	public Problem problem(String key, String reason) {
		Prefix prefix = Prefix.of(key);
		FileOrigin origin = properties.entrySet()
			.stream()
			.filter((property) -> prefix.covers(property.getKey()))
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
