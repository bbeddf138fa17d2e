package com.example.platform.configrefresh.autoconfigure;

import com.example.platform.configrefresh.ConfigRefresher;
import com.example.platform.configrefresh.LiveConfiguration;
import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Auto-configuration for live configuration. Without Consul or with
 * {@code platform.config-refresh.enabled=false} the records are bound once and stay as
 * they are.
 */
@AutoConfiguration(after = { ConsulClientAutoConfiguration.class, RefreshAutoConfiguration.class,
		ValidationAutoConfiguration.class })
public final class ConfigRefreshAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiveConfiguration liveConfiguration(Environment environment, ObjectProvider<LocalValidatorFactoryBean> validator) {
		return new LiveConfiguration(environment, validator.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ Consul.class, ContextRefresher.class })
	@ConditionalOnProperty(name = "platform.config-refresh.enabled", matchIfMissing = true)
	ConfigRefresher configRefresher(Consul consul, ContextRefresher contextRefresher,
			LiveConfiguration liveConfiguration, ConfigurableEnvironment environment) {
		return new ConfigRefresher(consul, contextRefresher, liveConfiguration, environment);
	}

}
