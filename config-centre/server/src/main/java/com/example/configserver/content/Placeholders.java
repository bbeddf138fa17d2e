package com.example.configserver.content;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;

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

	private final NavigableMap<String, List<String>> values;

	private final Map<String, Long> lengths = new HashMap<>();

	private final Set<String> path = new HashSet<>();

	private int steps;

	private Placeholders(Configuration configuration) {
		values = configuration.settings()
			.stream()
			.collect(Collectors.groupingBy((setting) -> name(setting.key()), TreeMap::new,
					Collectors.mapping(Setting::value, Collectors.toList())));
	}

	/**
	 * Looks at all values of a configuration, whatever they apply to.
	 * @param configuration the configuration
	 * @return what is wrong, by file and line
	 */
	static Stream<Problem> check(Configuration configuration) {
		Placeholders placeholders = new Placeholders(configuration);
		return configuration.settings()
			.stream()
			.filter((setting) -> setting.value().contains("${"))
			.map(placeholders::check)
			.filter(Objects::nonNull);
	}

	private @Nullable Problem check(Setting setting) {
		try {
			path.add(name(setting.key()));
			length(setting.value());
			return null;
		}
		catch (UnresolvableException ex) {
			return setting.problem(ex.reason);
		}
		finally {
			path.clear();
		}
	}

	private static String name(String key) {
		return KeyNames.uniform(KeyNames.canonical(key));
	}

	private long length(String value) {
		long length = value.length();
		if (value.contains("${")) {
			if (depth(value) > DEEPEST) {
				throw new UnresolvableException(
						"has placeholders nested in placeholders more than " + DEEPEST + " deep");
			}
			for (MatchResult reference : (Iterable<MatchResult>) REFERENCE.matcher(value).results()::iterator) {
				String name = name(reference.group(1));
				length += reference.group(2).isEmpty() ? lengthOf(name) : lengthOfLongest(name);
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
		for (String name : values.subMap(beginning, beginning + Character.MAX_VALUE).keySet()) {
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

		private final String reason;

		private UnresolvableException(String reason) {
			this.reason = reason;
		}

	}

}
