package com.example.platform.configrefresh;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The keys whose values refer to other keys by placeholders, such as
 * {@code https://${shop.host}/orders}: they change together with those. Immutable.
 */
final class References {

	private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}:]+)");

	private final Map<String, Set<String>> ofOtherSources = new HashMap<>();

	/**
	 * Collects those of all property sources but the revision's, which stay as they are
	 * while the application runs.
	 * @param environment the application's environment
	 */
	References(ConfigurableEnvironment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable
					&& !(source.getUnderlyingSource() instanceof RevisionPropertySource)) {
				for (ConfigurationPropertyName name : iterable) {
					ConfigurationProperty property = iterable.getConfigurationProperty(name);
					if (property != null) {
						add(name.toString(), property.getValue(), ofOtherSources);
					}
				}
			}
		}
	}

	/**
	 * Adds the keys that change because others do.
	 * @param changed keys with another value, in canonical form
	 * @param next the revision that says so
	 * @return those keys, and those that refer to them, directly or not
	 */
	Set<String> follow(Set<String> changed, RevisionContent next) {
		Map<String, Set<String>> references = new HashMap<>(ofOtherSources);
		next.properties().forEach((key, property) -> add(RevisionContent.canonical(key), property.value(), references));
		Set<String> all = new TreeSet<>(changed);
		boolean more = !changed.isEmpty();
		while (more) {
			more = false;
			for (Map.Entry<String, Set<String>> reference : references.entrySet()) {
				more |= reference.getValue().stream().anyMatch(all::contains) && all.add(reference.getKey());
			}
		}
		return all;
	}

	private static void add(String key, @Nullable Object value, Map<String, Set<String>> references) {
		if (value instanceof CharSequence text) {
			Set<String> keys = REFERENCE.matcher(text)
				.results()
				.map(MatchResult::group)
				.map((found) -> RevisionContent.canonical(found.substring(2)))
				.collect(Collectors.toSet());
			if (!keys.isEmpty()) {
				references.merge(key, keys, (known, more) -> {
					Set<String> both = new HashSet<>(known);
					both.addAll(more);
					return both;
				});
			}
		}
	}

}
