package com.example.platform.liveconfiguration;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Binds as Spring Boot does, but for placeholders that nothing defines: Spring Boot would
 * leave them in the text, for users to see.
 */
public final class StrictBinder {

	private StrictBinder() {
	}

	/**
	 * Creates a binder.
	 * @param environment where values come from
	 * @param handler what is done with what is bound
	 * @return the binder
	 */
	public static Binder of(Environment environment, BindHandler handler) {
		return of(environment, ConfigurationPropertySources.get(environment), handler);
	}

	static Binder of(Environment environment, Iterable<ConfigurationPropertySource> sources, BindHandler handler) {
		return new Binder(sources,
				(value) -> (value instanceof String text) ? environment.resolveRequiredPlaceholders(text) : value, null,
				null, handler);
	}

}
