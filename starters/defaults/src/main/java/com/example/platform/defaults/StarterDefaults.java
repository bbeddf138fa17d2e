package com.example.platform.defaults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * Default properties of all starters on the class path: the files {@value #LOCATION},
 * merged into Spring Boot's {@code defaultProperties}, the property source with the
 * lowest precedence. Whatever a service, the config server or the environment says wins.
 *
 * <p>
 * {@code ${random.uuid}} in a default is drawn once for the life of the process. Left to
 * Spring it would be drawn anew at each reading, so that an instance would change its
 * name whenever its configuration reloads.
 *
 * <p>
 * Two starters that give different defaults for one key are a mistake that would
 * otherwise depend on the order of the class path; the start fails with both files named.
 */
public final class StarterDefaults implements EnvironmentPostProcessor, Ordered {

	/**
	 * Where a starter puts its defaults.
	 */
	public static final String LOCATION = "META-INF/platform-defaults.properties";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		DefaultPropertiesPropertySource.addOrMerge(missingFrom(environment), environment.getPropertySources());
	}

	/**
	 * Runs before the config data is loaded, so that the defaults count for the config
	 * client too.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	// An application's own SpringApplication.setDefaultProperties are more specific than
	// a starter's.
	private static Map<String, Object> missingFrom(ConfigurableEnvironment environment) {
		Map<String, Object> defaults = read();
		var existing = environment.getPropertySources().get(DefaultPropertiesPropertySource.NAME);
		if (existing != null) {
			defaults.keySet().removeIf(existing::containsProperty);
		}
		return defaults;
	}

	private static Map<String, Object> read() {
		try {
			Map<String, Object> defaults = new LinkedHashMap<>();
			Map<Object, Resource> origins = new LinkedHashMap<>();
			for (Resource resource : new PathMatchingResourcePatternResolver().getResources("classpath*:" + LOCATION)) {
				Properties properties = PropertiesLoaderUtils.loadProperties(resource);
				for (String key : properties.stringPropertyNames()) {
					String value = properties.getProperty(key).replace("${random.uuid}", UUID.randomUUID().toString());
					Object other = defaults.putIfAbsent(key, value);
					if (other != null && !other.equals(value)) {
						throw new IllegalStateException("Two starters give different defaults for '" + key + "': "
								+ origins.get(key) + " and " + resource + ". Keep one of them.");
					}
					origins.put(key, resource);
				}
			}
			return defaults;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read the starters' default properties", ex);
		}
	}

}
