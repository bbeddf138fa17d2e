package com.example.configserver.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.ValueType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.logging.LogLevel;

/**
 * Finds what would do harm in a configuration that can be parsed: a file that vanished, a
 * key or value that no service understands, an encrypted value that cannot be read, a key
 * that has no effect here.
 */
public final class ConfigurationCheck {

	private static final ConfigurationPropertyName ALLOWED = ConfigurationPropertyName.of("spring.config.activate");

	// They decide which configuration is loaded, which is over when this one arrives.
	private static final ConfigurationPropertyName PROFILES = ConfigurationPropertyName.of("spring.profiles");

	private static final List<ConfigurationPropertyName> DENIED = List.of(ConfigurationPropertyName.of("spring.config"),
			PROFILES, ConfigurationPropertyName.of("spring.profile"),
			ConfigurationPropertyName.of("spring.application.name"),
			ConfigurationPropertyName.of("spring.cloud.config"));

	private static final Set<String> TEXTS = Set.of(String.class.getName(), CharSequence.class.getName());

	// For their values, words such as off say the same to people and to YAML.
	private static final Set<String> WORDS = Set.of(Boolean.class.getName(), LogLevel.class.getName());

	private final KeyCatalogue keys;

	private final Secrets secrets;

	private ConfigurationCheck(KeyCatalogue keys, Secrets secrets) {
		this.keys = keys;
		this.secrets = secrets;
	}

	/**
	 * Checks a configuration.
	 * @param next the configuration that is to be released
	 * @param released the one that is in force; {@code null} if there is none
	 * @param keys what is known of keys
	 * @param secrets reads encrypted values
	 * @return what is wrong, by file and line; empty if nothing is
	 */
	public static List<Problem> check(Configuration next, @Nullable Configuration released, KeyCatalogue keys,
			Secrets secrets) {
		ConfigurationCheck check = new ConfigurationCheck(keys, secrets);
		List<Problem> problems = new ArrayList<>();
		if (released != null) {
			vanished(next, released).forEach(problems::add);
		}
		next.settings()
			.stream()
			.map(check::problem)
			.filter(Objects::nonNull)
			.limit(RefusedException.MOST)
			.forEach(problems::add);
		Placeholders.check(next).limit(RefusedException.MOST).forEach(problems::add);
		return problems.stream().limit(RefusedException.MOST).toList();
	}

	private static Stream<Problem> vanished(Configuration next, Configuration released) {
		return released.documents()
			.map(Document::file)
			.distinct()
			.filter((file) -> next.file(file) == null)
			.map((file) -> new Problem(file, null, null,
					"is gone, but in force: to do without it, leave it with the single line {} first,"
							+ " and delete it when that is released"));
	}

	private @Nullable Problem problem(Setting setting) {
		String reason = reason(setting, KeyNames.of(setting.key()));
		return (reason != null) ? setting.problem(reason) : null;
	}

	private @Nullable String reason(Setting setting, ConfigurationPropertyName name) {
		if (isIn(name, DENIED) && !isIn(name, List.of(ALLOWED))) {
			return "has no effect here, because it decides how configuration is loaded:"
					+ " it belongs into the service's own application.yml or its environment" + (name.equals(PROFILES)
							? "; to say when a document applies, write spring.config.activate.on-profile" : "");
		}
		String value;
		try {
			value = secrets.decrypt(setting.value());
		}
		catch (IllegalStateException ex) {
			return ex.getMessage();
		}
		ConfigKey key = keys.find(setting.key());
		String typeName = KeyNames.isLogLevel(setting.key()) ? LogLevel.class.getName()
				: (key != null) ? key.type() : null;
		ValueType type = (typeName != null) ? new ValueType(typeName) : null;
		String misread = misread(setting, type);
		return (misread != null) ? misread : (type != null) ? mistyped(value, type) : unknown(setting, name);
	}

	// What is a text for people and something else for YAML is told by the type alone.
	private static @Nullable String misread(Setting setting, @Nullable ValueType type) {
		boolean isText = type != null && TEXTS.contains(type.name());
		return switch (setting.form()) {
			case TEXT -> null;
			case TRUE, FALSE -> (type != null && WORDS.contains(type.name())) ? null : "YAML reads this word as "
					+ setting.value() + ": put it in quotes if it is a text, write true or false if it is not";
			case OCTAL -> isText ? null
					: "YAML reads this as an octal number, because it begins with 0: put it in quotes if it is a text,"
							+ " take the 0 away if it is a number";
			case EMPTY -> (type != null && type.isSingle()) ? "must be a single value, no list or map" : null;
		};
	}

	private @Nullable String unknown(Setting setting, ConfigurationPropertyName name) {
		String single = keys.singleAbove(name);
		if (single != null) {
			return single + " must be a single value, no list or map";
		}
		if (!keys.isMistaken(name)) {
			return null;
		}
		if (keys.isGroup(setting.key())) {
			return setting.value().isEmpty() ? null : "unknown key: it is a group of keys and has no value of its own";
		}
		String nearest = keys.nearest(setting.key());
		return (nearest != null) ? "unknown key; did you mean " + nearest + "?"
				: "unknown key, and no known one is like it";
	}

	private static boolean isIn(ConfigurationPropertyName name, List<ConfigurationPropertyName> groups) {
		return groups.stream().anyMatch((group) -> group.equals(name) || group.isAncestorOf(name));
	}

	private static @Nullable String mistyped(String value, ValueType type) {
		ValueType element = type.element();
		ValueType single = (element != null) ? element : type;
		String expected = single.expected();
		if (expected == null || value.contains("${")) {
			return null;
		}
		try {
			Class<?> javaType = Class.forName(single.name());
			Bindable<?> target = (element != null) ? Bindable.listOf(javaType) : Bindable.of(javaType);
			new Binder(new MapConfigurationPropertySource(Map.of("value", value))).bind("value", target);
			return null;
		}
		catch (BindException ex) {
			return "must be " + ((element != null) ? "a list, each of it " : "") + expected;
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("The types whose values are checked are all known here", ex);
		}
	}

}
