package com.example.platform.database.autoconfigure;

import javax.sql.DataSource;

import com.example.platform.database.CallBoundDataSource;
import com.example.platform.database.PoolSettings;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that binds the statements of all data sources to their calls, and
 * the pool of Spring Boot's to the live configuration.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "platform.database.enabled", matchIfMissing = true)
public final class DatabaseAutoConfiguration {

	// Static, so that it is there before all that it processes.
	@Bean
	static BeanPostProcessor callBoundDataSources(ObjectProvider<LiveConfiguration> live) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				if (!(bean instanceof DataSource connections) || bean instanceof CallBoundDataSource) {
					return bean;
				}
				if (bean instanceof HikariDataSource pool && name.equals("dataSource")) {
					live.ifAvailable((configuration) -> configuration.follow(PoolSettings.class,
							(settings) -> configure(pool, settings)));
				}
				return new CallBoundDataSource(connections);
			}

		};
	}

	private static void configure(HikariDataSource pool, PoolSettings settings) {
		// Hikari's own default is a pool that is always full.
		if (pool.getMinimumIdle() < 0 || pool.getMinimumIdle() == pool.getMaximumPoolSize()) {
			pool.setMinimumIdle(settings.maximumPoolSize());
		}
		boolean smaller = settings.maximumPoolSize() < pool.getMaximumPoolSize();
		pool.setMaximumPoolSize(settings.maximumPoolSize());
		HikariPoolMXBean running = pool.getHikariPoolMXBean();
		if (smaller && running != null) {
			// Hikari keeps what it has, and lends it, until it is half an hour old.
			running.softEvictConnections();
		}
		pool.setConnectionTimeout(settings.connectionTimeout().toMillis());
		pool.setLeakDetectionThreshold(settings.leakDetectionThreshold().toMillis());
	}

}
