package com.example.platform.consul.autoconfigure;

import java.net.URI;

import com.example.platform.consul.Consul;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.consul.ConsulAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class ConsulClientAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ConsulAutoConfiguration.class, ConsulClientAutoConfiguration.class));

	@Test
	void thereIsOneClient() {
		runner.run((context) -> assertThat(context).hasSingleBean(Consul.class));
	}

	@Test
	void thereIsNoneWhenConsulIsDisabled() {
		runner.withPropertyValues("spring.cloud.consul.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Consul.class));
	}

	@Test
	void aClientOfTheApplicationsOwnWins() {
		Consul own = new Consul(URI.create("http://127.0.0.1:1"), null);
		runner.withBean(Consul.class, () -> own)
			.run((context) -> assertThat(context.getBean(Consul.class)).isSameAs(own));
	}

}
