package com.example.platform.configclient.checking;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configclient.keys.Spelling;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.InstanceReport.ServiceKeys;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.LiveRecord;
import com.example.platform.liveconfiguration.PropertiesBean;

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

	private final List<String> livePrefixes;

	// All keys below are known.
	private final List<String> recordPrefixes;

	private final KeyCatalogue catalogue;

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
			// Of Spring's keys a record may know some.
			.filter((prefix) -> !prefix.startsWith("spring.") && beans.stream()
				.noneMatch((bean) -> !bean.type().isRecord() && KeyNames.isBelow(bean.prefix(), prefix)))
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
		catalogue = KeyCatalogue.of(known.values(), recordPrefixes);
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
		ConfigKey found = catalogue.find(key);
		return isBelow(key, LOGGING) || isBelow(key, livePrefixes) || (found != null && found.live());
	}

	/**
	 * Tells whether a change of a key takes effect at the next start only.
	 * @param key a key in canonical form
	 * @return {@code false} where it is live, and of the platform's keys also where this
	 * application does not obey it; of others nobody knows who reads them
	 */
	public boolean needsRestart(String key) {
		ConfigKey found = catalogue.find(key);
		return !isLive(key) && (!key.startsWith(PLATFORM) || (found != null && obeyed.containsKey(found.name())));
	}

	/**
	 * Tells whether a key of the platform or of a record is misspelled. A key of a
	 * starter that this application does not have is none of its business.
	 * @param key a key in canonical form
	 * @return the nearest key that exists; empty when there is nothing wrong with it
	 */
	Optional<String> correctionOf(String key) {
		if (catalogue.find(key) != null) {
			return Optional.empty();
		}
		String group = key.startsWith(PLATFORM) ? key.substring(0, (key + ".").indexOf('.', PLATFORM.length()))
				: recordPrefixes.stream().filter((prefix) -> KeyNames.isBelow(key, prefix)).findFirst().orElse(null);
		return (group == null) ? Optional.empty() : Spelling.nearest(key,
				known.keySet().stream().filter((other) -> KeyNames.isBelow(other, group)).toList());
	}

	private static boolean isBelow(String key, Collection<String> prefixes) {
		return prefixes.stream().anyMatch((prefix) -> KeyNames.isBelow(key, prefix));
	}

}
