package com.example.platform.liveconfiguration;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.ResolvableType;

/**
 * The values of a map's entries as another component has them. It comes behind all other
 * sources.
 *
 * @param entries the map
 * @param defaults the component that holds the defaults
 * @param sources where its values come from
 */
record DefaultsSource(ConfigurationPropertyName entries, ConfigurationPropertyName defaults,
		Iterable<ConfigurationPropertySource> sources) implements ConfigurationPropertySource {

	/**
	 * Lays the defaults of a record's maps under other sources.
	 * @param sources where all values come from
	 * @param prefix the prefix of the record
	 * @param type the record
	 * @return those sources, and one for each map with {@link DefaultsFrom}
	 */
	static Iterable<ConfigurationPropertySource> under(Iterable<ConfigurationPropertySource> sources, String prefix,
			Class<?> type) {
		List<ConfigurationPropertySource> all = new ArrayList<>();
		sources.forEach(all::add);
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(prefix, '.');
		for (RecordComponent component : Objects.requireNonNullElse(type.getRecordComponents(),
				new RecordComponent[0])) {
			DefaultsFrom from = component.getAnnotation(DefaultsFrom.class);
			if (from != null) {
				ConfigurationPropertyName entries = name.append(KeyNames.canonical(component.getName()));
				all.replaceAll((source) -> source.filter((key) -> !isBlank(entries, key, component, source)));
				all.add(new DefaultsSource(entries, name.append(from.value()), sources));
			}
		}
		return all;
	}

	// A key without a value says nothing, unless an empty text is a value.
	private static boolean isBlank(ConfigurationPropertyName entries, ConfigurationPropertyName key,
			RecordComponent map, ConfigurationPropertySource source) {
		int first = entries.getNumberOfElements() + 1;
		if (!entries.isAncestorOf(key) || key.getNumberOfElements() <= first
				|| isText(ResolvableType.forMethodReturnType(map.getAccessor()).resolveGeneric(1), key, first)) {
			return false;
		}
		ConfigurationProperty found = source.getConfigurationProperty(key);
		return found != null && found.getValue() instanceof CharSequence text && text.toString().isBlank();
	}

	private static boolean isText(@Nullable Class<?> type, ConfigurationPropertyName key, int element) {
		if (type == null || !type.isRecord() || element == key.getNumberOfElements()) {
			return type == null || type == String.class;
		}
		String name = key.getElement(element, ConfigurationPropertyName.Form.UNIFORM);
		return Stream.of(type.getRecordComponents())
			.filter((component) -> component.getName().equalsIgnoreCase(name))
			.findFirst()
			.map((component) -> isText(component.getType(), key, element + 1))
			.orElse(true);
	}

	@Override
	public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
		if (name == null || !isOfAnEntry(name)) {
			return null;
		}
		ConfigurationPropertyName origin = defaults.append(name.subName(entries.getNumberOfElements() + 1));
		for (ConfigurationPropertySource source : sources) {
			ConfigurationProperty found = source.getConfigurationProperty(origin);
			if (found != null) {
				return new ConfigurationProperty(name, found.getValue(), found.getOrigin());
			}
		}
		return null;
	}

	@Override
	public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
		return isOfAnEntry(name) ? ConfigurationPropertyState.UNKNOWN : ConfigurationPropertyState.ABSENT;
	}

	private boolean isOfAnEntry(ConfigurationPropertyName name) {
		return entries.isAncestorOf(name) && name.getNumberOfElements() > entries.getNumberOfElements() + 1;
	}

}
