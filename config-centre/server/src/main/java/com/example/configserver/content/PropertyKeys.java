package com.example.configserver.content;

import java.util.Locale;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * What can be told from the name of a key alone.
 */
final class PropertyKeys {

	private static final ConfigurationPropertyName LOG_LEVELS = ConfigurationPropertyName.of("logging.level");

	private static final Pattern SECRET = Pattern
		.compile(".*(password|passwd|passphrase|secret|credential|token|key)s?", Pattern.CASE_INSENSITIVE);

	private static final Pattern BELOW_SECRET = Pattern.compile(".*(password|passwd|passphrase|secret|credential)s?",
			Pattern.CASE_INSENSITIVE);

	private PropertyKeys() {
	}

	/**
	 * Tells whether Spring Boot keeps all characters of a name. It drops others, unless
	 * they are in brackets, and binds a key that nobody wrote.
	 */
	static boolean isName(String key) {
		if (key.isEmpty() || key.length() > Budget.LONGEST_KEY || key.startsWith(".") || key.endsWith(".")
				|| key.contains("..")) {
			return false;
		}
		int depth = 0;
		int length = 0;
		for (int i = 0; i < key.length(); i++) {
			char character = key.charAt(i);
			if (character == '[') {
				depth++;
				length = (depth == 1) ? 0 : length + 1;
			}
			else if (character == ']') {
				depth--;
				boolean last = i + 1 == key.length();
				if (depth < 0 || length == 0 || (depth == 0 && !last && ".[".indexOf(key.charAt(i + 1)) < 0)) {
					return false;
				}
			}
			else {
				if (depth == 0 && !isPlain(character)) {
					return false;
				}
				length++;
			}
		}
		return depth == 0 && ConfigurationPropertyName.adapt(key, '.').getNumberOfElements() > 0;
	}

	private static boolean isPlain(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || ".-_".indexOf(character) >= 0;
	}

	/**
	 * Returns what all spellings of a key have in common.
	 */
	static ConfigurationPropertyName canonical(String key) {
		return ConfigurationPropertyName.adapt(key, '.');
	}

	/**
	 * Tells whether a key sets the level of a logger, for which off is a text.
	 */
	static boolean isLogLevel(String key) {
		return LOG_LEVELS.isAncestorOf(canonical(key));
	}

	/**
	 * Tells whether a name is one that people give to secrets.
	 */
	static boolean isSecret(String key) {
		ConfigurationPropertyName name = canonical(key);
		int last = name.getNumberOfElements() - 1;
		while (last > 0 && name.isNumericIndex(last)) {
			last--;
		}
		for (int i = 0; i < last; i++) {
			if (matches(BELOW_SECRET, name, i)) {
				return true;
			}
		}
		return last >= 0 && matches(SECRET, name, last);
	}

	private static boolean matches(Pattern pattern, ConfigurationPropertyName name, int element) {
		return pattern.matcher(name.getElement(element, Form.UNIFORM).toLowerCase(Locale.ROOT)).matches();
	}

}
