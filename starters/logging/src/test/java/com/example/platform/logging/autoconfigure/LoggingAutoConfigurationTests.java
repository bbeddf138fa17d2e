package com.example.platform.logging.autoconfigure;

import java.util.Map;

import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.logging.Failure;
import com.example.platform.logging.actuate.FailuresEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class LoggingAutoConfigurationTests {

	private static final Logger log = LoggerFactory.getLogger(LoggingAutoConfigurationTests.class);

	private final ConfigurableApplicationContext context = SpringApplication.run(Application.class,
			"--spring.main.banner-mode=off");

	@AfterEach
	void close() {
		context.close();
	}

	@Test
	void failuresAreShownWithTheLineOfTheApplication() {
		log.error("an order failed", new IllegalStateException("no stock"));
		Failure shown = context.getBean(FailuresEndpoint.class).failures().get(0);
		assertThat(shown.type()).isEqualTo("java.lang.IllegalStateException");
		assertThat(shown.place()).startsWith(LoggingAutoConfigurationTests.class.getName() + ".");
		assertThat(context.getBean(MeterRegistry.class)
			.get("platform.logging.failures")
			.tags("type", shown.type(), "place", shown.place())
			.functionCounter()
			.count()).isEqualTo((double) shown.count());
	}

	@Test
	void levelsAndSettingsCountWhileItRuns(CapturedOutput output) {
		set(Map.of("platform.logging.stack-trace-interval", "0"));
		LoggingSystem logging = context.getBean(LoggingSystem.class);
		logging.setLogLevel(log.getName(), LogLevel.DEBUG);
		for (int i = 0; i < 3; i++) {
			log.error("again", new IllegalArgumentException("a trace each time"));
		}
		log.debug("a detail");
		await().untilAsserted(() -> assertThat(output).contains("a detail"));
		assertThat(output.getOut().lines()).filteredOn("java.lang.IllegalArgumentException: a trace each time"::equals)
			.hasSize(3);
		logging.setLogLevel(log.getName(), null);
	}

	private void set(Map<String, Object> values) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("changed", values));
		context.getBean(LiveConfiguration.class).reload();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
