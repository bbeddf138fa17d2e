package com.example.platform.configrefresh.autoconfigure;

import com.example.platform.configrefresh.ConfigRefresher;
import com.example.platform.configrefresh.LiveConfiguration;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigRefreshAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ConsulAutoConfiguration.class, ConsulClientAutoConfiguration.class,
				RefreshAutoConfiguration.class, ConfigRefreshAutoConfiguration.class));

	@Test
	void anApplicationFollowsTheAnnouncedRevision() {
		runner.run((context) -> assertThat(context).hasSingleBean(ConfigRefresher.class)
			.hasSingleBean(LiveConfiguration.class));
	}

	@Test
	void withoutConsulRecordsAreBoundOnceAndStay() {
		runner.withPropertyValues("spring.cloud.consul.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(LiveConfiguration.class)
				.doesNotHaveBean(ConfigRefresher.class));
	}

	@Test
	void reloadingCanBeSwitchedOff() {
		runner.withPropertyValues("platform.config-refresh.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(LiveConfiguration.class)
				.doesNotHaveBean(ConfigRefresher.class));
	}

	@Test
	void aConfigurationOfTheApplicationsOwnWins() {
		runner.withBean("own", LiveConfiguration.class, () -> new LiveConfiguration(runnerEnvironment(), null))
			.run((context) -> assertThat(context.getBeanNamesForType(LiveConfiguration.class)).containsExactly("own"));
	}

	private static Environment runnerEnvironment() {
		return new MockEnvironment();
	}

}
