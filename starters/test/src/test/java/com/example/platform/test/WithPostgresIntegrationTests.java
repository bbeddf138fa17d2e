package com.example.platform.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(classes = WithPostgresIntegrationTests.Application.class)
@WithPostgres
@TestConstructor(autowireMode = AutowireMode.ALL)
class WithPostgresIntegrationTests {

	private final Environment environment;

	private final ConfigurableApplicationContext context;

	WithPostgresIntegrationTests(ConfigurableApplicationContext context) {
		this.context = context;
		this.environment = context.getEnvironment();
	}

	@Test
	void theContextHasADatabaseOnARealServer() throws SQLException {
		try (Connection connection = connect(environment);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SHOW server_version_num")) {
			assertThat(rows.next()).isTrue();
			assertThat(rows.getInt(1)).isGreaterThanOrEqualTo(180_000);
		}
	}

	@Test
	void anotherContextHasAnotherDatabase() throws SQLException {
		try (GenericApplicationContext other = new GenericApplicationContext()) {
			new ServersContextCustomizer(true, false, false).customize(other);
			other.refresh();

			assertThat(url(other.getEnvironment())).isNotEqualTo(url(environment));
			connect(other.getEnvironment()).close();
		}
	}

	@Test
	void consulIsLeftAloneUnlessAskedFor() {
		assertThat(environment.containsProperty("spring.cloud.consul.port")).isFalse();
	}

	@Test
	void theContextTakesItsBeansFromTheTestClass() {
		assertThat(context.getBeansOfType(Application.class)).hasSize(1);
	}

	private static String url(Environment environment) {
		return environment.getRequiredProperty("spring.datasource.url");
	}

	private static Connection connect(Environment environment) throws SQLException {
		return DriverManager.getConnection(url(environment),
				environment.getRequiredProperty("spring.datasource.username"),
				environment.getRequiredProperty("spring.datasource.password"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}
