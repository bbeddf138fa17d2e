package com.example.platform.logging.autoconfigure;

import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.logging.LoggingSettings;
import com.example.platform.logging.NonBlockingLogging;
import com.example.platform.logging.actuate.FailuresEndpoint;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for what was installed when logging began: its live settings, its
 * metrics, its endpoint.
 */
@AutoConfiguration(after = LiveConfigurationAutoConfiguration.class)
@ConditionalOnBean(LiveConfiguration.class)
public final class LoggingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	NonBlockingLogging nonBlockingLogging(Environment environment, LiveConfiguration live, BeanFactory beans) {
		NonBlockingLogging logging = InstallAtStart.install(environment);
		if (AutoConfigurationPackages.has(beans)) {
			logging.failures().setApplication(AutoConfigurationPackages.get(beans));
		}
		live.follow(LoggingSettings.class, logging::configure);
		return logging;
	}

	@Bean
	@ConditionalOnMissingBean
	FailuresEndpoint failuresEndpoint(NonBlockingLogging logging) {
		return new FailuresEndpoint(logging.failures());
	}

}
