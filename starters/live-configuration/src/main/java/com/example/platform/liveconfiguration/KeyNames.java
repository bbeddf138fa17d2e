package com.example.platform.liveconfiguration;

import java.util.Collection;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Spellings of a key that Spring Boot takes for the same.
 */
public final class KeyNames {

	private static final ConfigurationPropertyName LOG_LEVELS = ConfigurationPropertyName.of("logging.level");

	private static final Pattern DASHES_OUTSIDE = Pattern.compile("-(?![^\\[]*])");

	private KeyNames() {
	}

	/**
	 * Returns what all spellings of a key have in common. It drops what no key may
	 * contain.
	 * @param key a key in any spelling that Spring Boot accepts
	 * @return a name that is equal for all of them
	 */
	public static ConfigurationPropertyName of(String key) {
		return ConfigurationPropertyName.adapt(key, '.');
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
	 * Takes out of a key what Spring Boot does not look at: dashes, outside of brackets.
	 * @param key a key in canonical form
	 * @return what it has in common with {@code maxLines}, {@code max-lines} and
	 * {@code maxlines}
	 */
	public static String uniform(String key) {
		return (key.indexOf('[') < 0) ? key.replace("-", "") : DASHES_OUTSIDE.matcher(key).replaceAll("");
	}

	/**
	 * Tells whether a change of a key concerns those who are bound to a prefix.
	 * @param key a key in canonical form
	 * @param prefix the prefix; what is bound to the empty one is bound to all keys
	 * @return whether the key is the prefix or below it
	 */
	public static boolean isBelow(String key, String prefix) {
		String name = uniform(key);
		String group = uniform(prefix);
		return name.startsWith(group) && (group.isEmpty() || name.length() == group.length()
				|| name.charAt(group.length()) == '.' || name.charAt(group.length()) == '[');
	}

	/**
	 * Tells whether a change concerns those who are bound to a prefix.
	 * @param keys the changed keys, in canonical form
	 * @param prefix the prefix
	 * @return whether one of the keys is the prefix or below it
	 */
	public static boolean isBelow(Collection<String> keys, String prefix) {
		return keys.stream().anyMatch((key) -> isBelow(key, prefix));
	}

	/**
	 * Tells whether Spring Boot keeps all characters of a key. It drops others, unless
	 * they are in brackets, and binds a key that nobody wrote.
	 * @param key a key as it is written
	 * @return {@code false} also for what is no key at all
	 */
	public static boolean isComplete(String key) {
		if (key.startsWith(".") || key.endsWith(".") || key.contains("..")) {
			return false;
		}
		int depth = 0;
		int opened = 0;
		for (int i = 0; i < key.length(); i++) {
			char character = key.charAt(i);
			if (character == '[' && depth++ == 0) {
				opened = i;
			}
			else if (character == ']') {
				depth--;
				boolean endsWithin = depth == 0 && i + 1 < key.length() && ".[".indexOf(key.charAt(i + 1)) < 0;
				if (depth < 0 || i == opened + 1 || endsWithin) {
					return false;
				}
			}
			else if (depth == 0 && !isPlain(character)) {
				return false;
			}
		}
		return depth == 0 && of(key).getNumberOfElements() > 0;
	}

	private static boolean isPlain(char character) {
		return (character < 128 && Character.isLetterOrDigit(character)) || ".-_".indexOf(character) >= 0;
	}

	/**
	 * Tells whether a key sets the level of a logger, for which off is a text.
	 * @param key a key in any spelling that Spring Boot accepts
	 * @return whether it names a logger or a group of them
	 */
	public static boolean isLogLevel(String key) {
		return LOG_LEVELS.isAncestorOf(of(key));
	}

}
