package com.example.launcher.scaffold;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.lang.model.SourceVersion;

import com.example.launcher.process.LocalSystemException;

/**
 * What a service is about, in the ways that code writes it: {@code stock-item},
 * {@code StockItem}, {@code stock_items}.
 *
 * @param singular the words, lower case, with dashes
 */
record ServiceName(String singular) {

	/** The words of the service that others are made from. */
	static final ServiceName SAMPLE = new ServiceName("sample-item");

	private static final Pattern WORDS = Pattern.compile("[a-z]+[0-9]*(-[a-z]+[0-9]*)*");

	/** How code writes some words. */
	private static final List<UnaryOperator<String>> FORMS = List.of((words) -> words,
			(words) -> words.replace('-', '_'), ServiceName::spaced, (words) -> capital(spaced(words)),
			ServiceName::camel, ServiceName::pascal, (words) -> words.replace("-", ""));

	private static final int LONGEST = 40;

	private static final String SUFFIX = "-service";

	/**
	 * Packages that the rules forbid, and names that mean something else in a service or
	 * in SQL.
	 */
	private static final Set<String> TAKEN = Set.of("catalog", "common", "config", "contracts", "dto", "greeting",
			"helper", "helpers", "impl", "misc", "overlap", "reference", "setting", "settings", "test", "util",
			"utils");

	/**
	 * Reads the name of a service, with or without {@code -service} at its end.
	 * @throws LocalSystemException if code cannot be named so
	 */
	static ServiceName parse(String name) {
		String words = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
		require(WORDS.matcher(words).matches() && words.length() <= LONGEST, name,
				"is no name of a service: it has lower-case words with dashes between them, digits at the end of a word only, and at most "
						+ LONGEST + " characters");
		require(!Arrays.asList(words.split("-")).contains("service"), name,
				"has the word service inside, where another service's name may end");
		ServiceName parsed = new ServiceName(words);
		require(Arrays.stream(words.split("-")).noneMatch(SourceVersion::isKeyword)
				&& !SourceVersion.isKeyword(parsed.packageName()), name,
				"has a word that means something else in Java");
		require(!TAKEN.contains(parsed.packageName()) && !parsed.packageName().startsWith("sampleitem"), name,
				"would have a package that the rules forbid, or that means something else");
		require(!isLanguageClass(parsed.className()), name, "would have a class that is called like one of java.lang");
		return parsed;
	}

	/** The name of the service. */
	String service() {
		return singular + SUFFIX;
	}

	String packageName() {
		return singular.replace("-", "");
	}

	String snake() {
		return singular.replace('-', '_');
	}

	String className() {
		return pascal(singular);
	}

	String pluralClassName() {
		return pascal(plural());
	}

	/** The main class, below the package that all others are in. */
	String application() {
		return packageName() + "." + className() + "ServiceApplication";
	}

	String plural() {
		if (singular.matches(".*[^aeiou]y")) {
			return singular.substring(0, singular.length() - 1) + "ies";
		}
		return singular + (singular.matches(".*(s|x|z|ch|sh)") ? "es" : "s");
	}

	/** Writes this name wherever a text has the other one, in whatever form. */
	String inPlaceOf(ServiceName other, String text) {
		String changed = text;
		for (Function<ServiceName, String> number : List.<Function<ServiceName, String>>of(ServiceName::plural,
				ServiceName::singular)) {
			String from = number.apply(other);
			String to = number.apply(this);
			if ("aeiou".indexOf(to.charAt(0)) >= 0) {
				changed = changed.replaceAll("\\b([Aa])(?= %s| ?%s)".formatted(spaced(from), pascal(from)), "$1n");
			}
			for (UnaryOperator<String> form : FORMS) {
				changed = changed.replace(form.apply(from), form.apply(to));
			}
		}
		return changed;
	}

	private static String spaced(String words) {
		return words.replace('-', ' ');
	}

	private static String pascal(String words) {
		return Arrays.stream(words.split("-")).map(ServiceName::capital).collect(Collectors.joining());
	}

	private static String camel(String words) {
		String pascal = pascal(words);
		return pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
	}

	private static String capital(String words) {
		return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
	}

	private static boolean isLanguageClass(String name) {
		try {
			Class.forName("java.lang." + name);
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static void require(boolean condition, String name, String problem) {
		if (!condition) {
			throw new LocalSystemException(
					"'%s' %s. Choose another one, such as stock-item-service.".formatted(name, problem));
		}
	}

}
