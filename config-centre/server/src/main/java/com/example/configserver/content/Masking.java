package com.example.configserver.content;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.example.platform.liveconfiguration.KeyNames;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * What may be shown in place of a value.
 */
final class Masking {

	static final String MASK = "******";

	private static final Pattern SECRET = Pattern
		.compile(".*(password|passwd|passphrase|secret|credential|token|key)s?");

	private static final Pattern ABOVE_SECRET = Pattern.compile(".*(password|passwd|passphrase|secret|credential)s?");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[\\w.-]+}");

	private static final Pattern IN_URL = Pattern
		.compile("(://[^:/@\\s]*+:)[^@/\\s]++(?=@)|([?&;](?i:password|secret|token)=)[^&;\\s]++");

	private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)[#!]");

	private static final Pattern IN_COMMENT = Pattern
		.compile("(?i)(?:password|passwd|passphrase|secret|credential|token|key)s?[\"']?[ \\t]*[:=][ \\t]*(?=\\S)");

	private Masking() {
	}

	/**
	 * Returns what may be shown of a value.
	 * @return the value itself unless it is a secret by its form or the name of its key
	 */
	static String mask(String key, String value) {
		if (Secrets.isEncrypted(value)) {
			return Secrets.PREFIX + MASK;
		}
		if (!value.isEmpty() && isSecret(key) && !PLACEHOLDER.matcher(value).matches()) {
			return MASK;
		}
		return IN_URL.matcher(value).replaceAll("$1$2" + MASK);
	}

	/**
	 * Tells whether a name is one that people give to secrets.
	 */
	static boolean isSecret(String key) {
		ConfigurationPropertyName name = KeyNames.of(key);
		int last = name.getNumberOfElements() - 1;
		while (last > 0 && name.isNumericIndex(last)) {
			last--;
		}
		for (int i = 0; i <= last; i++) {
			String element = name.getElement(i, Form.UNIFORM).toLowerCase(Locale.ROOT);
			if (((i < last) ? ABOVE_SECRET : SECRET).matcher(element).matches()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Masks what looks like a secret that was commented out. It masks rather too much.
	 */
	static String maskComments(String text) {
		// Keeps empty lines at the end.
		return text.lines().map(Masking::maskComment).collect(Collectors.joining("\n"))
				+ (text.endsWith("\n") ? "\n" : "");
	}

	private static String maskComment(String line) {
		Matcher comment = COMMENT.matcher(line);
		if (comment.find()) {
			Matcher secret = IN_COMMENT.matcher(line);
			if (secret.find(comment.start())) {
				return line.substring(0, secret.end()) + MASK;
			}
		}
		return line;
	}

}
