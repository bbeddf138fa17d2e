package com.example.platform.scheduling.autoconfigure;

import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.scheduling.lock.Leadership;
import com.example.platform.scheduling.lock.Locks;
import com.example.platform.scheduling.lock.consul.ConsulLocks;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for locks and leadership, held in Consul unless there are
 * {@link Locks} of the application's own.
 */
@AutoConfiguration(after = ConsulClientAutoConfiguration.class)
public final class LocksAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Consul.class)
	Locks locks(Consul consul, Environment environment) {
		return new ConsulLocks(consul, environment.getProperty("spring.application.name", "application"));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Locks.class)
	Leadership leadership(Locks locks) {
		return new Leadership(locks);
	}

}
