package com.example.configserver.content;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.example.platform.configprotocol.Problem;

/**
 * Finds placeholders that an instance could not write out: values that refer to
 * themselves, and those that become too long or lead through too many others. A few lines
 * that refer to each other twice stand for gigabytes. Whether what a value refers to
 * exists, only the instance knows.
 */
final class Placeholders {

	private static final int DEEPEST = 30;

	private static final int LONGEST = 100_000;

	private static final int MOST_STEPS = 1_000_000;

	// Of a name that is computed the beginning alone is known, up to the next ${.
	private static final Pattern REFERENCE = Pattern.compile("(?<!\\\\)\\$\\{([^${}:]*)(\\$?)");

	private final NavigableMap<String, List<String>> values = new TreeMap<>();

	private final Map<String, Long> lengths = new HashMap<>();

	private final Set<String> path = new HashSet<>();

	private int steps;

	private Placeholders(Configuration configuration) {
		for (ConfigurationFile file : configuration.parsedFiles()) {
			for (Document document : file.documents()) {
				for (Setting setting : document.settings()) {
					values.computeIfAbsent(name(setting.key()), (name) -> new ArrayList<>()).add(setting.value());
				}
			}
		}
	}

	/**
	 * Looks at all values of a configuration, whatever they apply to.
	 * @param configuration the configuration
	 * @return what is wrong, by file and line
	 */
	static List<Problem> check(Configuration configuration) {
		Placeholders placeholders = new Placeholders(configuration);
		List<Problem> problems = new ArrayList<>();
		for (ConfigurationFile file : configuration.parsedFiles()) {
			for (Document document : file.documents()) {
				for (Setting setting : document.settings()) {
					if (setting.value().contains("${") && problems.size() < ConfigurationCheck.MOST_PROBLEMS) {
						placeholders.check(setting, problems);
					}
				}
			}
		}
		return problems;
	}

	private void check(Setting setting, List<Problem> problems) {
		String name = name(setting.key());
		try {
			path.add(name);
			length(setting.value());
		}
		catch (UnresolvableException ex) {
			problems.add(setting.problem(ex.getMessage()));
		}
		finally {
			path.clear();
		}
	}

	private static String name(String key) {
		return PropertyKeys.canonical(key).toString().replace("-", "").toLowerCase(Locale.ROOT);
	}

	private long length(String value) {
		long length = value.length();
		if (value.contains("${")) {
			if (depth(value) > DEEPEST) {
				throw new UnresolvableException(
						"has placeholders nested in placeholders more than " + DEEPEST + " deep");
			}
			for (MatchResult reference : (Iterable<MatchResult>) REFERENCE.matcher(value).results()::iterator) {
				length += reference.group(2).isEmpty() ? lengthOf(name(reference.group(1)))
						: lengthOfLongest(name(reference.group(1)));
				if (length > LONGEST) {
					throw new UnresolvableException("stands for more than " + LONGEST
							+ " characters once its placeholders are replaced: refer to fewer keys");
				}
			}
		}
		return length;
	}

	private static int depth(String value) {
		int depth = 0;
		int deepest = 0;
		for (int i = 0; i < value.length(); i++) {
			if (value.startsWith("${", i)) {
				deepest = Math.max(deepest, ++depth);
			}
			else if (value.charAt(i) == '}' && depth > 0) {
				depth--;
			}
		}
		return deepest;
	}

	private long lengthOfLongest(String beginning) {
		long longest = 0;
		for (String name : values.tailMap(beginning, true).keySet()) {
			if (!name.startsWith(beginning)) {
				break;
			}
			if (++steps > MOST_STEPS) {
				throw new UnresolvableException(
						"has placeholders within placeholders that may mean too many keys: write the keys out");
			}
			if (!path.contains(name)) {
				longest = Math.max(longest, lengthOf(name));
			}
		}
		return longest;
	}

	private long lengthOf(String name) {
		if (path.contains(name)) {
			throw new UnresolvableException("refers to itself, by a placeholder for a key that refers to this one:"
					+ " write the value out in one of them");
		}
		Long known = lengths.get(name);
		if (known != null) {
			return known;
		}
		if (path.size() > DEEPEST || ++steps > MOST_STEPS) {
			throw new UnresolvableException(
					"has a placeholder that leads through more than " + DEEPEST + " other keys: refer to the last one");
		}
		path.add(name);
		long longest = values.getOrDefault(name, List.of()).stream().mapToLong(this::length).max().orElse(0);
		path.remove(name);
		lengths.put(name, longest);
		return longest;
	}

	private static final class UnresolvableException extends RuntimeException {

		private UnresolvableException(String reason) {
			super(reason);
		}

		@Override
		public String getMessage() {
			return String.valueOf(super.getMessage());
		}

	}

}
