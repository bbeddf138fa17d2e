package com.example.platform.liveconfiguration.autoconfigure;

import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.TrialAtStart;
import com.example.platform.liveconfiguration.springcloud.LiveReload;
import com.example.platform.liveconfiguration.springcloud.SelectiveRebinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.properties.ConfigurationPropertiesBeans;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Auto-configuration for live configuration. The records follow Spring Cloud's
 * {@code EnvironmentChangeEvent}, whoever publishes it: the client of the configuration
 * centre, or {@code /actuator/refresh}.
 */
@AutoConfiguration(after = { RefreshAutoConfiguration.class, ValidationAutoConfiguration.class },
		before = ConfigurationPropertiesRebinderAutoConfiguration.class)
public final class LiveConfigurationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiveConfiguration liveConfiguration(Environment environment, ObjectProvider<LocalValidatorFactoryBean> validator) {
		return new LiveConfiguration(environment,
				validator.getIfAvailable(LiveConfigurationAutoConfiguration::ownValidator));
	}

	// An application may have another validator, or none; the records keep their rules.
	private static LocalValidatorFactoryBean ownValidator() {
		LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();
		validator.afterPropertiesSet();
		return validator;
	}

	@Bean
	static LiveRecordRegistrar liveRecordRegistrar() {
		return new LiveRecordRegistrar();
	}

	@Bean
	TrialAtStart trialAtStart(ConfigurableEnvironment environment, ObjectProvider<ConfigurationTrial> trials) {
		return new TrialAtStart(environment, trials.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	LiveReload liveReload(LiveConfiguration configuration, ConfigurableEnvironment environment) {
		return new LiveReload(configuration, environment);
	}

	// As Spring Cloud defines it, which comes later.
	@Bean
	@ConditionalOnMissingBean
	static ConfigurationPropertiesBeans configurationPropertiesBeans() {
		return new ConfigurationPropertiesBeans();
	}

	@Bean
	@ConditionalOnMissingBean
	ConfigurationPropertiesRebinder configurationPropertiesRebinder(ConfigurationPropertiesBeans beans,
			ConfigurableListableBeanFactory factory, Environment environment) {
		return new SelectiveRebinder(beans, factory, environment);
	}

}
