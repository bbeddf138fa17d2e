package com.example.platform.configprotocol.keys;

import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Spellings of a key that Spring Boot takes for the same.
 */
public final class KeyNames {

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

}
