package com.example.platform.configclient.checking;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The keys whose values refer to other keys by placeholders, such as
 * {@code https://${deli.host}/orders}: they change together with those. Immutable.
 */
public final class References {

	private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}:]+)(\\$?)");

	// Of ${endpoints.${region}} the beginning alone can be told.
	private static final String ANY = "*";

	private final Map<String, Set<String>> ofOtherSources = new HashMap<>();

	/**
	 * Collects those of all property sources but the revision's, which stay as they are
	 * while the application runs.
	 * @param environment the application's environment
	 */
	public References(ConfigurableEnvironment environment) {
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
	public Set<String> follow(Set<String> changed, RevisionContent next) {
		Map<String, Set<String>> references = new HashMap<>(ofOtherSources);
		next.properties().forEach((key, property) -> add(KeyNames.canonical(key), property.value(), references));
		Set<String> all = new TreeSet<>(changed);
		Set<String> found = changed.stream().map(KeyNames::uniform).collect(Collectors.toSet());
		boolean more = !changed.isEmpty();
		while (more) {
			more = false;
			for (Map.Entry<String, Set<String>> reference : references.entrySet()) {
				String key = reference.getKey();
				if (!found.contains(KeyNames.uniform(key)) && refersTo(reference.getValue(), found)) {
					all.add(key);
					found.add(KeyNames.uniform(key));
					more = true;
				}
			}
		}
		return all;
	}

	private static boolean refersTo(Set<String> references, Set<String> found) {
		return references.stream()
			.anyMatch((reference) -> reference.endsWith(ANY)
					? found.stream().anyMatch((key) -> key.startsWith(reference.substring(0, reference.length() - 1)))
					: found.contains(reference));
	}

	private static void add(String key, @Nullable Object value, Map<String, Set<String>> references) {
		if (value instanceof CharSequence text) {
			Set<String> keys = REFERENCE.matcher(text)
				.results()
				.map((found) -> KeyNames.uniform(KeyNames.canonical(found.group(1)))
						+ (found.group(2).isEmpty() ? "" : ANY))
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
