package com.example.platform.test;

import com.example.launcher.consul.ConsulAgent;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(classes = WithConsulIntegrationTests.Application.class)
@WithConsul
@TestConstructor(autowireMode = AutowireMode.ALL)
class WithConsulIntegrationTests {

	private final Environment environment;

	WithConsulIntegrationTests(Environment environment) {
		this.environment = environment;
	}

	@Test
	void theContextIsPointedToTheAgentOfTheJvm() {
		assertThat(environment.getRequiredProperty("spring.cloud.consul.host")).isEqualTo("127.0.0.1");
		assertThat(port(environment)).isEqualTo(TestServers.consul().port());
		assertThat(ConsulAgent.answers(port(environment))).isTrue();
	}

	@Test
	void anAgentPerContextStopsWithItsContext() {
		int port;
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			new ServersContextCustomizer(false, true, true).customize(context);
			context.refresh();
			port = port(context.getEnvironment());

			assertThat(port).isNotEqualTo(TestServers.consul().port());
			assertThat(ConsulAgent.answers(port)).isTrue();
		}
		assertThat(ConsulAgent.answers(port)).isFalse();
	}

	private static int port(Environment environment) {
		return environment.getRequiredProperty("spring.cloud.consul.port", Integer.class);
	}

	@Nested
	class InANestedClass {

		@Test
		void theAnnotationOfTheEnclosingClassApplies(@Autowired Environment nested) {
			assertThat(port(nested)).isEqualTo(TestServers.consul().port());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}
