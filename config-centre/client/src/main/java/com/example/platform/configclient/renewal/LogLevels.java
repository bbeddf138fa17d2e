package com.example.platform.configclient.renewal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggerGroup;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Sets log levels after a reload as a fresh start with that configuration would, groups
 * of loggers included. A level that configuration names no longer goes back to what the
 * logging system began with. What somebody sets at the actuator stays until configuration
 * names that logger. Confined to one thread at a time.
 */
final class LogLevels {

	private static final String ROOT = LoggingSystem.ROOT_LOGGER_NAME;

	private static final Bindable<Map<String, LogLevel>> LEVELS = Bindable.mapOf(String.class, LogLevel.class);

	private static final Bindable<Map<String, List<String>>> GROUPS = Bindable
		.of(ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class),
				ResolvableType.forClassWithGenerics(List.class, String.class)));

	private final LoggingSystem logging;

	// Spring Boot's own; those that configuration named at the start are among them.
	private final @Nullable LoggerGroups atStart;

	// What a logger has without configuration; those that have none are not listed.
	private final Map<String, LogLevel> original = new HashMap<>();

	private Map<String, LogLevel> configured;

	/**
	 * Remembers what applies without configuration.
	 * @param logging the logging system, as it was started with this environment
	 * @param groups the groups of the start; {@code null} for none
	 * @param environment the configuration of the start
	 */
	LogLevels(LoggingSystem logging, @Nullable LoggerGroups groups, Environment environment) {
		this.logging = logging;
		this.atStart = groups;
		this.configured = configured(environment);
		// Spring Boot's, which a level of the start may hide.
		original.put(ROOT, LogLevel.INFO);
		for (LoggerConfiguration logger : logging.getLoggerConfigurations()) {
			if (logger.getConfiguredLevel() != null && !configured.containsKey(logger.getName())) {
				original.put(logger.getName(), logger.getConfiguredLevel());
			}
		}
	}

	/**
	 * Sets what is configured now.
	 * @param environment the configuration after the reload
	 */
	void renew(Environment environment) {
		Map<String, LogLevel> next = configured(environment);
		configured.keySet().stream().filter((name) -> !next.containsKey(name)).forEach(this::reset);
		next.forEach(logging::setLogLevel);
		// Spring Cloud takes the name of a group for that of a logger.
		bind(environment, "logging.level", LEVELS).keySet()
			.stream()
			.filter((name) -> !next.containsKey(name) && !name.equalsIgnoreCase(ROOT))
			.forEach(this::reset);
		configured = next;
	}

	private void reset(String name) {
		logging.setLogLevel(name, original.get(name));
	}

	private Map<String, LogLevel> configured(Environment environment) {
		Map<String, List<String>> groups = bind(environment, "logging.group", GROUPS);
		Map<String, LogLevel> levels = new LinkedHashMap<>();
		bind(environment, "logging.level", LEVELS).forEach((name, level) -> {
			List<String> members = members(name, groups);
			if (members.isEmpty()) {
				levels.put(name.equalsIgnoreCase(ROOT) ? ROOT : name, level);
			}
			members.forEach((member) -> levels.put(member, level));
		});
		return levels;
	}

	private List<String> members(String name, Map<String, List<String>> groups) {
		LoggerGroup known = (atStart != null) ? atStart.get(name) : null;
		return groups.getOrDefault(name, (known != null) ? known.getMembers() : List.of());
	}

	private static <K, V> Map<K, V> bind(Environment environment, String prefix, Bindable<Map<K, V>> type) {
		return Binder.get(environment).bind(prefix, type).orElseGet(Map::of);
	}

}
