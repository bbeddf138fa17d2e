package com.example.platform.configclient.checking;

import java.util.List;

import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.PropertiesBean;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.Validator;

/**
 * What the revisions of an application are checked with.
 *
 * @param keys the keys that it obeys
 * @param references the keys that change with others
 * @param check the check
 */
public record Checking(ConfigKeys keys, References references, RevisionCheck check) {

	/**
	 * Collects it from an application.
	 * @param context the application
	 * @param live its live records
	 * @param validator checks beans that ask for it; {@code null} for none
	 * @return what its revisions are checked with
	 */
	public static Checking of(ConfigurableApplicationContext context, LiveConfiguration live,
			@Nullable Validator validator) {
		ConfigurableEnvironment environment = context.getEnvironment();
		List<PropertiesBean> beans = PropertiesBean.in(context.getBeanFactory(), environment);
		List<String> packages = AutoConfigurationPackages.has(context) ? AutoConfigurationPackages.get(context)
				: List.of();
		ConfigKeys keys = new ConfigKeys(ConfigurationMetadata.read(packages, (key) -> shipped(environment, key)),
				live.records(), beans);
		return new Checking(keys, new References(environment), new RevisionCheck(environment, live, beans, keys,
				validator, context.getBeanProvider(ConfigurationTrial.class).orderedStream().toList()));
	}

	// As a starter gives it, placeholders included.
	private static @Nullable Object shipped(ConfigurableEnvironment environment, String key) {
		PropertySource<?> defaults = environment.getPropertySources().get(DefaultPropertiesPropertySource.NAME);
		return (defaults != null) ? defaults.getProperty(key) : null;
	}

}
