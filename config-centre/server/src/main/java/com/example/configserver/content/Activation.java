package com.example.configserver.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.example.platform.configclient.keys.Spelling;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Profiles;
import org.springframework.util.StringUtils;

/**
 * Reads when a document applies. A condition that nobody evaluates would let the document
 * apply to all instances at once, so that whatever looks like one is refused.
 */
final class Activation {

	private static final String ON_PROFILE = "spring.config.activate.on-profile";

	private static final ConfigurationPropertyName KEY = ConfigurationPropertyName.of(ON_PROFILE);

	private static final ConfigurationPropertyName GROUP = KEY.getParent();

	private static final List<String> CONDITIONS = List.of("onprofile", "oncloudplatform");

	// Spring reads a bracket within a bracket by recursion.
	private static final int LONGEST = 1000;

	// What Spring Boot accepts as the name of a profile.
	private static final Pattern PROFILE = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N}._@+-]*[\\p{L}\\p{N}])?");

	private static final Pattern WORDS = Pattern.compile("[\\p{L}\\p{N}]\\s+[\\p{L}\\p{N}]");

	private static final Pattern OPERATORS = Pattern.compile("[!&|()\\s]+");

	private Activation() {
	}

	/**
	 * Reads the condition of a document.
	 * @param settings all that the document says
	 * @param reading gets what is wrong
	 * @return profile expressions of which one must hold; empty if there is none, or a
	 * problem
	 */
	static List<String> read(List<Setting> settings, Reading reading) {
		List<String> expressions = new ArrayList<>();
		for (Setting setting : settings) {
			ConfigurationPropertyName name = KeyNames.of(setting.key());
			String reason = null;
			if (name.equals(KEY) || (KEY.isParentOf(name) && name.isLastElementIndexed())) {
				reason = add(setting.value(), expressions);
			}
			else if (isNearly(name)) {
				reason = "is not evaluated, and the document would apply to all instances: did you mean " + ON_PROFILE
						+ "?";
			}
			if (reason != null) {
				reading.refuse(setting.line(), setting.key(), reason);
			}
		}
		return expressions;
	}

	private static @Nullable String add(String value, List<String> expressions) {
		if (value.contains("${")) {
			return "may hold no placeholder, because the config server does not know the values of instances";
		}
		if (value.length() > LONGEST) {
			return "is longer than " + LONGEST + " characters: name fewer profiles";
		}
		for (String part : value.split(",", -1)) {
			String expression = part.strip();
			if (expression.isEmpty()) {
				return "names no profile, and the document would apply to all instances: name one, or take the key out";
			}
			if (!isExpression(expression)) {
				return "must be profiles such as dev, or expressions such as dev & !cloud";
			}
			expressions.add(expression);
		}
		return null;
	}

	// Spring takes words in a row for one profile, and a bracket that is not closed for
	// one that is.
	private static boolean isExpression(String text) {
		try {
			return OPERATORS.splitAsStream(text).allMatch((name) -> name.isEmpty() || PROFILE.matcher(name).matches())
					&& !WORDS.matcher(text).find()
					&& StringUtils.countOccurrencesOf(text, "(") == StringUtils.countOccurrencesOf(text, ")")
					&& !Profiles.of(text).toString().isEmpty();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	// A key of the group, or the last part of one in the wrong place.
	private static boolean isNearly(ConfigurationPropertyName name) {
		if (GROUP.equals(name) || GROUP.isAncestorOf(name)) {
			return true;
		}
		return IntStream.range(0, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, Form.UNIFORM).toLowerCase(Locale.ROOT))
			.anyMatch((element) -> CONDITIONS.stream()
				.anyMatch((condition) -> Spelling.distance(condition, element) <= 1));
	}

}
