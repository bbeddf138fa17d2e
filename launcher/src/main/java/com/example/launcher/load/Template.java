package com.example.launcher.load;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request with places for values: <code>${name}</code>.
 *
 * @param place file and line, for messages
 * @param number how often it is sent beside the others; in {@code prepare}, how often
 * @param method its method
 * @param path its path and query
 * @param headers its header lines
 * @param body its body, empty for none
 * @param keep which values of an answer are kept for others, by name; each is a JSON
 * pointer
 */
record Template(String place, int number, String method, String path, Map<String, String> headers, String body,
		Map<String, String> keep) {

	/** The name whose value is another one in each request, and the same all over it. */
	static final String UNIQUE = "unique";

	private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");

	/** The names of the values that it needs. */
	Set<String> needs() {
		Set<String> names = new TreeSet<>();
		headers.values().forEach((value) -> addNames(value, names));
		addNames(path, names);
		addNames(body, names);
		return names;
	}

	/** The request with all values in their places. */
	Request fill(Map<String, String> values, int bodySize) {
		UnaryOperator<String> plain = (value) -> value;
		Map<String, String> filled = new TreeMap<>(headers);
		filled.replaceAll((name, value) -> fill(value, values, plain));
		String text = fill(body, values, plain);
		int padding = text.isEmpty() ? 0 : Math.max(0, bodySize - text.getBytes(StandardCharsets.UTF_8).length);
		return new Request(method, fill(path, values, (value) -> URLEncoder.encode(value, StandardCharsets.UTF_8)),
				filled, text, padding, (answer) -> {
				});
	}

	private static void addNames(String text, Set<String> names) {
		PLACE.matcher(text).results().forEach((found) -> names.add(found.group(1)));
	}

	private static String fill(String text, Map<String, String> values, Function<String, String> encode) {
		return text.contains("${") ? PLACE.matcher(text)
			.replaceAll((found) -> Matcher.quoteReplacement(encode.apply(values.getOrDefault(found.group(1), ""))))
				: text;
	}

}
