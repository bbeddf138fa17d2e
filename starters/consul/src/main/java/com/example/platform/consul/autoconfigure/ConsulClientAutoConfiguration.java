package com.example.platform.consul.autoconfigure;

import com.example.platform.consul.Consul;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.consul.ConditionalOnConsulEnabled;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.consul.ConsulProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for {@link Consul}, the client of the agent named by
 * {@code spring.cloud.consul.host} and {@code .port}.
 */
@AutoConfiguration(after = ConsulAutoConfiguration.class)
@ConditionalOnConsulEnabled
public final class ConsulClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Consul consul(ConsulProperties properties, Environment environment) {
		return Consul.of(properties.getScheme(), properties.getHost(), properties.getPort(),
				environment.getProperty("spring.cloud.consul.token"));
	}

}
