package com.example.platform.configclient.checking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.InstanceReport.ServiceKeys;
import com.example.platform.configprotocol.Spelling;
import com.example.platform.liveconfiguration.LiveRecord;
import com.example.platform.liveconfiguration.PropertiesBean;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The keys that an application obeys, apart from those of Spring itself: what the
 * configuration metadata on the class path lists of the application and of the platform,
 * and all that its live records hold. Immutable.
 */
public final class ConfigKeys {

	private static final String PLATFORM = "platform.";

	// Renewed with every reload.
	private static final List<String> LOGGING = List.of("logging.level", "logging.group");

	// A starter may know more keys than this application obeys: it shares its files with
	// others.
	private final Map<String, ConfigKey> known = new TreeMap<>();

	private final Map<String, ConfigKey> obeyed = new TreeMap<>();

	private final Map<String, ConfigKey> knownInAnySpelling = new HashMap<>();

	private final List<String> livePrefixes;

	// All keys below are known.
	private final List<String> recordPrefixes;

	private final List<Matcher> wildcards;

	/**
	 * Collects the keys of an application.
	 * @param metadata what its class path says
	 * @param records its live records
	 * @param beans its beans with configuration properties
	 */
	public ConfigKeys(Collection<ConfigurationMetadata.Property> metadata, List<LiveRecord<?>> records,
			Collection<PropertiesBean> beans) {
		livePrefixes = beans.stream().filter(PropertiesBean::isRebound).map(PropertiesBean::prefix).toList();
		RecordKeys recordKeys = new RecordKeys(new ConfigurationMetadata(metadata));
		Map<Class<?>, Boolean> types = new LinkedHashMap<>();
		beans.forEach((bean) -> types.put(bean.type(), false));
		records.forEach((live) -> types.put(live.type(), true));
		recordPrefixes = types.keySet()
			.stream()
			.flatMap((type) -> RecordKeys.prefix(type).stream())
			.distinct()
			.filter((prefix) -> beans.stream()
				.noneMatch((bean) -> !bean.type().isRecord() && isBelow(bean.prefix(), prefix)))
			.toList();
		for (ConfigurationMetadata.Property property : metadata) {
			Class<?> type = property.recordType();
			if (type == null) {
				ConfigKey key = property.key(isBelow(property.name(), livePrefixes));
				known.put(key.name(), key);
				obeyed.put(key.name(), key);
			}
			else {
				// Records know their keys better: the metadata ends at maps.
				recordKeys.of(type, false).forEach((key) -> known.put(key.name(), key));
			}
		}
		types.forEach((type, live) -> recordKeys.of(type, live).forEach((key) -> obeyed.put(key.name(), key)));
		known.putAll(obeyed);
		known.values().forEach((key) -> knownInAnySpelling.put(RevisionContent.uniform(key.name()), key));
		wildcards = known.values().stream().filter(Matcher::isNeeded).map(Matcher::new).toList();
	}

	/**
	 * Returns what the config server is told.
	 * @return the keys
	 */
	public ServiceKeys forServer() {
		return new ServiceKeys(List.copyOf(obeyed.values()),
				known.values().stream().filter((key) -> !obeyed.containsKey(key.name())).toList(), recordPrefixes);
	}

	/**
	 * Tells whether a running instance obeys a change of a key.
	 * @param key a key in canonical form
	 * @return {@code false} where it needs a restart, or nobody is known to obey it
	 */
	boolean isLive(String key) {
		return isBelow(key, LOGGING) || isBelow(key, livePrefixes) || find(key).map(ConfigKey::live).orElse(false);
	}

	/**
	 * Tells whether a change of a key takes effect at the next start only.
	 * @param key a key in canonical form
	 * @return {@code false} where it is live, and of the platform's keys also where this
	 * application does not obey it; of others nobody knows who reads them
	 */
	public boolean needsRestart(String key) {
		return !isLive(key) && (!key.startsWith(PLATFORM)
				|| find(key).filter((found) -> obeyed.containsKey(found.name())).isPresent());
	}

	/**
	 * Tells whether a key of the platform or of a record is misspelled. A key of a
	 * starter that this application does not have is none of its business.
	 * @param key a key in canonical form
	 * @return the nearest key that exists; empty when there is nothing wrong with it
	 */
	Optional<String> correctionOf(String key) {
		if (find(key).isPresent()) {
			return Optional.empty();
		}
		String group = key.startsWith(PLATFORM) ? key.substring(0, (key + ".").indexOf('.', PLATFORM.length()))
				: recordPrefixes.stream().filter((prefix) -> isBelow(key, prefix)).findFirst().orElse(null);
		return (group == null) ? Optional.empty()
				: known.keySet()
					.stream()
					.filter((other) -> isBelow(other, group))
					.min(Comparator.comparingInt((other) -> Spelling.distance(other, key)));
	}

	private Optional<ConfigKey> find(String key) {
		ConfigKey exact = knownInAnySpelling.get(RevisionContent.uniform(key));
		if (exact != null) {
			return Optional.of(exact);
		}
		List<String> elements = elements(key);
		return wildcards.stream()
			.filter((matcher) -> matcher.matches(elements))
			.max(Comparator.comparingInt(Matcher::length))
			.map(Matcher::key);
	}

	private static boolean isBelow(String key, Collection<String> prefixes) {
		return prefixes.stream().anyMatch((prefix) -> isBelow(key, prefix));
	}

	/**
	 * Tells whether a change of a key concerns those who are bound to a prefix.
	 * @param key a key in canonical form
	 * @param prefix the prefix; what is bound to the empty one is bound to all keys
	 * @return whether the key is the prefix or below it
	 */
	static boolean isBelow(String key, String prefix) {
		String name = RevisionContent.uniform(key);
		String group = RevisionContent.uniform(prefix);
		return name.startsWith(group) && (group.isEmpty() || name.length() == group.length()
				|| name.charAt(group.length()) == '.' || name.charAt(group.length()) == '[');
	}

	private static List<String> elements(String key) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
		List<String> elements = new ArrayList<>();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (!name.isNumericIndex(i)) {
				elements.add(name.getElement(i, Form.UNIFORM));
			}
		}
		return elements;
	}

	/**
	 * A key that stands for more than one: a map's entries, a list's elements.
	 */
	private static final class Matcher {

		private static final Pattern MANY = Pattern.compile("java\\.util\\.(Map|List|Set|Collection)\\b.*|.*\\[]");

		private final ConfigKey key;

		private final List<String> pattern;

		private final boolean open;

		private Matcher(ConfigKey key) {
			this.key = key;
			this.pattern = List.of(RevisionContent.uniform(key.name()).split("\\."));
			this.open = MANY.matcher(key.type()).matches() || key.name().endsWith("*");
		}

		static boolean isNeeded(ConfigKey key) {
			return key.name().contains("*") || MANY.matcher(key.type()).matches();
		}

		int length() {
			return pattern.size();
		}

		ConfigKey key() {
			return key;
		}

		boolean matches(List<String> elements) {
			if (elements.size() < pattern.size() || (!open && elements.size() > pattern.size())) {
				return false;
			}
			for (int i = 0; i < pattern.size(); i++) {
				String expected = pattern.get(i);
				if (!expected.equals("*") && !expected.equals(elements.get(i))) {
					return false;
				}
			}
			return true;
		}

	}

}
