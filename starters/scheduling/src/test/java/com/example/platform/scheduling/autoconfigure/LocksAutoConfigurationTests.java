package com.example.platform.scheduling.autoconfigure;

import java.net.URI;

import com.example.platform.consul.Consul;
import com.example.platform.scheduling.lock.Leadership;
import com.example.platform.scheduling.lock.Locks;
import com.example.platform.scheduling.lock.consul.ConsulLocks;
import com.example.platform.scheduling.lock.postgres.PostgresLocks;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LocksAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LocksAutoConfiguration.class));

	private final Consul consul = new Consul(URI.create("http://127.0.0.1:1"), null);

	@Test
	void locksAreHeldInConsulAndCloseWithTheContext() {
		runner.withBean(Consul.class, () -> consul).run((context) -> {
			assertThat(context).hasSingleBean(Leadership.class);
			assertThat(context.getBean(Locks.class)).isInstanceOf(ConsulLocks.class);
			Locks locks = context.getBean(Locks.class);
			context.close();
			assertThatThrownBy(() -> locks.tryAcquire("any")).isInstanceOf(IllegalStateException.class);
		});
	}

	@Test
	void thereAreNoneWithoutConsul() {
		runner.run((context) -> assertThat(context).doesNotHaveBean(Locks.class).doesNotHaveBean(Leadership.class));
	}

	@Test
	void locksOfTheApplicationsOwnWin() {
		Locks own = new PostgresLocks(new DriverManagerDataSource());
		runner.withBean(Consul.class, () -> consul).withBean(Locks.class, () -> own).run((context) -> {
			assertThat(context).hasSingleBean(Leadership.class);
			assertThat(context.getBean(Locks.class)).isSameAs(own);
		});
	}

}
