package com.example.platform.liveconfiguration;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * A value that cannot be used.
 *
 * @param key its key, or what several keys at fault have in common
 * @param reason what is wrong and what is right, as a sentence without its full stop
 * @param origin where it stands; {@code null} where that is unknown
 */
public record Flaw(String key, String reason, @Nullable Origin origin) {

	private static final Pattern COLUMN = Pattern.compile("(:\\d+):\\d+$");

	/**
	 * Creates a flaw whose place is still to be found.
	 * @param key its key, or what several keys at fault have in common
	 * @param reason what is wrong and what is right, which may quote values
	 */
	public Flaw(String key, String reason) {
		this(key, reason, null);
	}

	/**
	 * Finds the place, and takes secrets out of the reason.
	 * @param environment where the value comes from
	 * @return the same flaw, at the first of its keys
	 */
	Flaw in(ConfigurableEnvironment environment) {
		Origin found = StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.flatMap((source) -> ((IterableConfigurationPropertySource) source).stream()
				.filter((name) -> KeyNames.isBelow(name.toString(), key))
				.map(source::getConfigurationProperty))
			.filter(Objects::nonNull)
			.map(ConfigurationProperty::getOrigin)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		return new Flaw(key, SecretHolder.redact(environment, reason), found);
	}

	@Override
	public String toString() {
		return ((origin != null) ? COLUMN.matcher(origin.toString()).replaceAll("$1") + " " : "") + key + ": " + reason;
	}

}
