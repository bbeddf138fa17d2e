package com.example.platform.database.autoconfigure;

import java.time.Duration;

import javax.sql.DataSource;

import com.example.platform.database.CallBoundDataSource;
import com.example.platform.database.PoolSettings;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Auto-configuration that binds the statements of all data sources to their calls, and
 * the pool of Spring Boot's to the live configuration.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "platform.database.enabled", matchIfMissing = true)
public final class DatabaseAutoConfiguration {

	private static final Duration LONGEST_FILL = Duration.ofSeconds(3);

	private static final Duration FILL_POLL = Duration.ofMillis(20);

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

	/**
	 * Callers come as soon as an instance is ready, and are refused soon when they get no
	 * connection: so the pool is filled before. A database that is slow delays the start
	 * by some seconds at most. The first statement loads the classes that all need.
	 */
	@Bean
	ApplicationRunner filledPool(ObjectProvider<DataSource> databases) {
		return (arguments) -> {
			for (DataSource database : databases) {
				if (database.isWrapperFor(HikariDataSource.class)) {
					awaitFull(database.unwrap(HikariDataSource.class));
					JdbcClient.create(database).sql("select 1").query(Integer.class).single();
				}
			}
		};
	}

	private static void awaitFull(HikariDataSource pool) throws InterruptedException {
		long end = System.nanoTime() + LONGEST_FILL.toNanos();
		HikariPoolMXBean running = pool.getHikariPoolMXBean();
		while (running != null && running.getTotalConnections() < pool.getMinimumIdle() && System.nanoTime() < end) {
			Thread.sleep(FILL_POLL.toMillis());
		}
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
