package com.example.platform.scheduling.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.launcher.postgres.Database;
import com.example.platform.liveconfiguration.BindFlaws;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.scheduling.actuate.JobsEndpoint;
import com.example.platform.scheduling.actuate.JobsEndpoint.Action;
import com.example.platform.scheduling.job.Job;
import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobRun;
import com.example.platform.scheduling.job.Jobs;
import com.example.platform.scheduling.queue.RunState;
import com.example.platform.test.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Jobs in an application.
 */
class JobsAutoConfigurationIntegrationTests {

	private final Database database = TestServers.newDatabase();

	@SuppressWarnings("NullAway.Init") // set by each test
	private ConfigurableApplicationContext application;

	@AfterEach
	void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void annotatedMethodsAndBeansAreJobsThatAnyInstanceShowsAndSteers() {
		start(TestApplication.class);
		ConfigurableApplicationContext other = application;
		start(TestApplication.class, "--platform.scheduling.enabled=false");
		try {
			JobsEndpoint endpoint = application.getBean(JobsEndpoint.class);
			assertThat(endpoint.all()).extracting(Jobs.JobView::name).containsExactly("by-bean", "daily", "tick");
			endpoint.steer("daily", Action.RUN, null);
			// As one does who has heard no answer.
			endpoint.steer("daily", Action.RUN, "manual-1");
			endpoint.steer("daily", Action.RUN, "manual-1");
			await().until(() -> endpoint.history("daily", null)
				.stream()
				.allMatch((run) -> run.state() == RunState.SUCCEEDED));
			assertThat(endpoint.history("daily", null)).hasSize(2);
			await()
				.until(() -> endpoint.history("tick", 1).stream().anyMatch((run) -> run.state() == RunState.SUCCEEDED));
			assertThat(endpoint.steer("tick", Action.PAUSE, null).paused()).isTrue();
			assertThat(endpoint.steer("tick", Action.RESUME, null).paused()).isFalse();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.steer("tick", Action.RETRY, null))
				.withMessageContaining("Say which run");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.history("tack", null))
				.withMessageContaining("There are: [by-bean, daily, tick]");
			assertThat(other.getBean(Ticks.class).keys()).isNotEmpty();
			assertThat(application.getBean(Ticks.class).keys()).isEmpty();
			MeterRegistry meters = other.getBean(MeterRegistry.class);
			assertThat(meters.get("platform.scheduling.delay").tag("job.name", "tick").timer().count()).isPositive();
			assertThat(meters.get("platform.scheduling.missed").tag("job.name", "daily").counter().count()).isZero();
			assertThat(
					meters.get("platform.scheduling.runs").tags("job.name", "daily", "state", "failed").timer().count())
				.isZero();
		}
		finally {
			other.close();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "tick.cron=every day|cron|must be a cron expression of six fields",
			"tick.cron=0 0 0 31 2 *|cron|with a day that there is", "tick.zone=Europe/Belin|zone|must be a time zone",
			"tick.fixed-delay=soon|fixed-delay|must be a duration",
			"tick.overlap=sometimes|overlap|must be one of skip, buffer-one, allow, cancel-other",
			"tick.max-retries=-1|max-retries|must be greater than or equal to 0" })
	void aScheduleThatIsNoneIsRefusedAtTheStartAndAtReload(String wrong, String key, String reason) {
		assertThatThrownBy(() -> start(TestApplication.class, "--platform.scheduling.jobs." + wrong))
			.satisfies((failure) -> assertThat(causes(failure)).contains("platform.scheduling.jobs").contains(key));
		start(TestApplication.class);
		LiveConfiguration live = application.getBean(LiveConfiguration.class);
		Map<String, Object> changed = Map.of("platform.scheduling.jobs." + wrong.substring(0, wrong.indexOf('=')),
				wrong.substring(wrong.indexOf('=') + 1));
		application.getEnvironment().getPropertySources().addFirst(new MapPropertySource("changed", changed));
		application.publishEvent(new EnvironmentChangeEvent(changed.keySet()));
		RuntimeException refused = live.prepare(application.getEnvironment(), (all) -> true)
			.failures()
			.values()
			.iterator()
			.next();
		assertThat(new BindFlaws((text) -> text).of("platform.scheduling", refused)).singleElement()
			.satisfies((flaw) -> assertThat(flaw.key()).endsWith("tick." + key))
			.satisfies((flaw) -> assertThat(flaw.reason()).contains(reason));
		await().until(() -> application.getBean(Jobs.class)
			.history("tick", 1)
			.stream()
			.anyMatch((run) -> run.state() == RunState.SUCCEEDED));
	}

	@ParameterizedTest
	@ValueSource(
			classes = { WrongCron.class, WrongZone.class, WrongDelay.class, WrongName.class, WrongParameters.class })
	void aMethodThatIsNoJobIsRefusedAtTheStart(Class<?> wrong) {
		assertThatThrownBy(() -> start(wrong)).satisfies((failure) -> assertThat(causes(failure)).contains("wrong"));
	}

	@Test
	void anApplicationWithItsOwnMigrationsKeepsThem() {
		start(TestApplication.class);
		JdbcClient jdbc = application.getBean(JdbcClient.class);
		assertThat(jdbc.sql("select count(*) from scheduling_schema_history").query(Integer.class).single())
			.isPositive();
		application.close();
		start(TestApplication.class);
		assertThat(application.getBean(Jobs.class).all()).hasSize(3);
	}

	@Test
	void anApplicationThatIsStoppedAndStartedAgainGoesOn() {
		start(TestApplication.class);
		Ticks ticks = application.getBean(Ticks.class);
		await().until(() -> !ticks.keys().isEmpty());
		application.stop();
		int before = ticks.keys().size();
		application.start();
		await().until(() -> ticks.keys().size() > before);
	}

	private void start(Class<?> source, String... arguments) {
		application = new SpringApplicationBuilder(source).web(WebApplicationType.NONE)
			.properties(
					Map.of("spring.datasource.url", database.url(), "spring.datasource.username", database.username(),
							"spring.datasource.password", database.password(), "spring.cloud.consul.enabled", "false",
							"spring.flyway.enabled", "false", "spring.main.banner-mode", "off"))
			.run(arguments);
	}

	private static String causes(Throwable failure) {
		StringBuilder text = new StringBuilder();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			text.append(cause).append('\n');
		}
		return text.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean
		Ticks ticks() {
			return new Ticks();
		}

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		JobDefinition byBean() {
			return JobDefinition.of("by-bean", (run) -> {
			});
		}

	}

	static class Ticks {

		private final List<String> keys = new CopyOnWriteArrayList<>();

		List<String> keys() {
			return keys;
		}

		@Transactional
		@Job(name = "tick", cron = "* * * * * *")
		void tick(JobRun run) {
			keys.add(run.key());
		}

		@Job(name = "daily", cron = "0 0 4 * * *", zone = "Europe/Berlin")
		void daily() {
			keys.add("daily");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WrongCron {

		@Job(name = "wrong", cron = "each day")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WrongZone {

		@Job(name = "wrong", cron = "* * * * * *", zone = "Mars/Olympus")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WrongDelay {

		@Job(name = "wrong", fixedDelay = "a while")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WrongName {

		@Job(name = "wrong Name")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WrongParameters {

		@Job(name = "wrong")
		void run(String text) {
		}

	}

}
