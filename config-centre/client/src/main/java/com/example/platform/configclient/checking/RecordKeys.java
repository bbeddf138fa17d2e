package com.example.platform.configclient.checking;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.liveconfiguration.DefaultsFrom;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.RequiresRestart;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * The keys that a record is bound to, those of the records inside it included. Names
 * follow the rules of Spring Boot's constructor binding.
 *
 * @param metadata where descriptions come from
 */
record RecordKeys(ConfigurationMetadata metadata) {

	/**
	 * Lists the keys of a type.
	 * @param type a type with {@link ConfigurationProperties}
	 * @param live whether running instances obey changes, apart from what says otherwise
	 * @return nothing when it is no record
	 */
	List<ConfigKey> of(Class<?> type, boolean live) {
		List<ConfigKey> keys = new ArrayList<>();
		prefix(type).ifPresent((prefix) -> add(keys, prefix, type, live, null));
		return keys;
	}

	/**
	 * Returns what the keys of a record have in common.
	 * @param type a type with {@link ConfigurationProperties}
	 * @return empty when it is no record, or bound to keys without a prefix
	 */
	static Optional<String> prefix(Class<?> type) {
		ConfigurationProperties annotation = AnnotationUtils.findAnnotation(type, ConfigurationProperties.class);
		return (type.isRecord() && annotation != null && !annotation.prefix().isEmpty())
				? Optional.of(annotation.prefix()) : Optional.empty();
	}

	// The defaults of a map's values may stand under another key.
	private void add(List<ConfigKey> keys, String prefix, Class<?> type, boolean live, @Nullable String defaults) {
		for (RecordComponent component : type.getRecordComponents()) {
			String element = name(type, component);
			String name = prefix + "." + element;
			String origin = (defaults != null) ? defaults + "." + element : null;
			boolean componentIsLive = live && !component.isAnnotationPresent(RequiresRestart.class);
			Class<?> nested = component.getType();
			if (nested.isRecord()) {
				add(keys, name, nested, componentIsLive, origin);
			}
			else if (Map.class.isAssignableFrom(nested) && valueType(component) instanceof Class<?> value) {
				if (value.isRecord()) {
					DefaultsFrom from = component.getAnnotation(DefaultsFrom.class);
					add(keys, name + ".*", value, componentIsLive, (from != null) ? prefix + "." + from.value() : null);
				}
				else {
					keys.add(key(name + ".*", value, type, component, componentIsLive, origin));
				}
			}
			else if (hasSetters(nested)) {
				keys.add(key(name + ".*", Object.class, type, component, componentIsLive, origin));
			}
			else {
				keys.add(key(name, component.getGenericType(), type, component, componentIsLive, origin));
			}
		}
	}

	private ConfigKey key(String name, Type valueType, Class<?> declaring, RecordComponent component, boolean live,
			@Nullable String origin) {
		ConfigurationMetadata.Property described = metadata.find(name, declaring);
		Type boxed = (valueType instanceof Class<?> raw) ? ClassUtils.resolvePrimitiveIfNecessary(raw) : valueType;
		String defaultValue = (origin != null) ? "${" + origin + "}" : defaultValue(declaring, component);
		if (defaultValue == null && described != null) {
			defaultValue = described.key(live).defaultValue();
		}
		return new ConfigKey(name, boxed.getTypeName(), defaultValue, live,
				(described != null) ? described.description() : null);
	}

	// A class of the application's own, whose keys nobody lists.
	private static boolean hasSetters(Class<?> type) {
		return !BeanUtils.isSimpleProperty(type) && !type.isInterface() && !type.isArray()
				&& !type.getName().startsWith("java.") && !type.getName().startsWith("org.springframework.util.");
	}

	private static @Nullable Type valueType(RecordComponent component) {
		return (component.getGenericType() instanceof ParameterizedType map) ? map.getActualTypeArguments()[1] : null;
	}

	private static @Nullable String defaultValue(Class<?> declaring, RecordComponent component) {
		DefaultValue value = parameterAnnotation(declaring, component, DefaultValue.class);
		return (value != null) ? String.join(",", value.value()) : null;
	}

	private static String name(Class<?> declaring, RecordComponent component) {
		Name name = parameterAnnotation(declaring, component, Name.class);
		String text = (name != null) ? name.value() : component.getName();
		return KeyNames.canonical(text);
	}

	// These annotations stand on the parameters of the canonical constructor alone.
	private static <A extends java.lang.annotation.Annotation> @Nullable A parameterAnnotation(Class<?> declaring,
			RecordComponent component, Class<A> annotation) {
		RecordComponent[] components = declaring.getRecordComponents();
		for (var constructor : declaring.getDeclaredConstructors()) {
			if (constructor.getParameterCount() == components.length) {
				for (int i = 0; i < components.length; i++) {
					if (components[i].getName().equals(component.getName())) {
						return constructor.getParameters()[i].getAnnotation(annotation);
					}
				}
			}
		}
		return null;
	}

}
