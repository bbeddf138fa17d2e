package com.example.configserver.content;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.util.unit.DataSize;

/**
 * Finds what would do harm in a configuration that can be parsed: a file that vanished, a
 * key or value that no service understands, an encrypted value that cannot be read, a key
 * that has no effect here.
 */
public final class ConfigurationCheck {

	static final int MOST_PROBLEMS = 50;

	private static final ConfigurationPropertyName ALLOWED = ConfigurationPropertyName.of("spring.config.activate");

	// They decide which configuration is loaded, which is over when this one arrives.
	private static final ConfigurationPropertyName PROFILES = ConfigurationPropertyName.of("spring.profiles");

	private static final List<ConfigurationPropertyName> DENIED = List.of(ConfigurationPropertyName.of("spring.config"),
			PROFILES, ConfigurationPropertyName.of("spring.profile"),
			ConfigurationPropertyName.of("spring.application.name"),
			ConfigurationPropertyName.of("spring.cloud.config"));

	private static final Map<String, String> EXPECTED = Map.ofEntries(expected(Boolean.class, "true or false"),
			expected(Byte.class, "a whole number (Byte)"), expected(Short.class, "a whole number (Short)"),
			expected(Integer.class, "a whole number (Integer)"), expected(Long.class, "a whole number (Long)"),
			expected(BigInteger.class, "a whole number"), expected(Float.class, "a number such as 0.5"),
			expected(Double.class, "a number such as 0.5"), expected(BigDecimal.class, "a number such as 0.5"),
			expected(Duration.class, "a duration (java.time.Duration) such as 500ms or 2s"),
			expected(Period.class, "a period (java.time.Period) such as 10d or 1y3d"),
			expected(DataSize.class, "a size (DataSize) such as 512KB or 10MB"),
			expected(Charset.class, "the name of a character set such as UTF-8"),
			expected(LogLevel.class, "one of trace, debug, info, warn, error, fatal and off"));

	private static final Set<String> TEXTS = Set.of(String.class.getName(), CharSequence.class.getName());

	private final KeyCatalogue keys;

	private final Secrets secrets;

	private final List<Problem> problems = new ArrayList<>();

	private ConfigurationCheck(KeyCatalogue keys, Secrets secrets) {
		this.keys = keys;
		this.secrets = secrets;
	}

	private static Map.Entry<String, String> expected(Class<?> type, String expected) {
		return Map.entry(type.getName(), expected);
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
		if (released != null) {
			check.findVanished(next, released);
		}
		for (ConfigurationFile file : next.parsedFiles()) {
			for (Document document : file.documents()) {
				for (Setting setting : document.settings()) {
					if (check.problems.size() < MOST_PROBLEMS) {
						check.check(setting);
					}
				}
			}
		}
		check.problems.addAll(Placeholders.check(next));
		return check.problems.stream().limit(MOST_PROBLEMS).toList();
	}

	private void findVanished(Configuration next, Configuration released) {
		for (ConfigurationFile file : released.parsedFiles()) {
			if (next.file(file.name()) == null && !file.documents().isEmpty()) {
				problems.add(new Problem(file.name(), null, null,
						"is gone, but in force: to do without it, leave it with the single line {} first,"
								+ " and delete it when that is released"));
			}
		}
	}

	private void check(Setting setting) {
		ConfigurationPropertyName name = PropertyKeys.canonical(setting.key());
		if (isIn(name, DENIED) && !isIn(name, List.of(ALLOWED))) {
			problems.add(setting.problem("has no effect here, because it decides how configuration is loaded:"
					+ " it belongs into the service's own application.yml or its environment" + (name.equals(PROFILES)
							? "; to say when a document applies, write spring.config.activate.on-profile" : "")));
			return;
		}
		String obstacle = secrets.obstacle(setting.value());
		if (obstacle != null) {
			problems.add(setting.problem(obstacle));
			return;
		}
		ConfigKey key = keys.find(setting.key());
		String type = PropertyKeys.isLogLevel(setting.key()) ? LogLevel.class.getName()
				: (key != null) ? key.type() : null;
		String reason = misread(setting, type);
		if (reason == null) {
			reason = (type != null) ? mistyped(secrets.decrypt(setting.value()), type) : unknown(setting, name);
		}
		if (reason != null) {
			problems.add(setting.problem(reason));
		}
	}

	// What is a text for people and something else for YAML is told by the type alone.
	private static @Nullable String misread(Setting setting, @Nullable String type) {
		boolean isText = type != null && TEXTS.contains(type);
		return switch (setting.form()) {
			case TEXT -> null;
			case TRUE,
					FALSE ->
				(Boolean.class.getName().equals(type) || LogLevel.class.getName().equals(type)) ? null
						: "YAML reads this word as " + setting.value()
								+ ": put it in quotes if it is a text, write true or false if it is not";
			case OCTAL -> isText ? null
					: "YAML reads this as an octal number, because it begins with 0: put it in quotes if it is a text,"
							+ " take the 0 away if it is a number";
			case EMPTY ->
				(type != null && KeyCatalogue.isSingle(type)) ? "must be a single value, no list or map" : null;
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

	private static @Nullable String mistyped(String value, String type) {
		String element = KeyCatalogue.elementType(type);
		String expected = EXPECTED.get((element != null) ? element : type);
		if (expected == null || value.contains("${")) {
			return null;
		}
		try {
			Class<?> javaType = Class.forName((element != null) ? element : type);
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
