package com.example.platform.defaults;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class StarterDefaultsTests {

	@Test
	void aDefaultCountsWhereNobodySaysOtherwise() {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(context.getEnvironment().getProperty("test.greeting")).isEqualTo("from the starter");
		}
	}

	@Test
	void everyOtherSourceWinsOverADefault() {
		try (ConfigurableApplicationContext context = application().run("--test.greeting=from the command line")) {
			assertThat(context.getEnvironment().getProperty("test.greeting")).isEqualTo("from the command line");
		}
	}

	@Test
	void theApplicationsOwnDefaultPropertiesWinOverAStartersDefault() {
		SpringApplication application = application();
		application.setDefaultProperties(Map.of("test.greeting", "from the application"));
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(context.getEnvironment().getProperty("test.greeting")).isEqualTo("from the application");
			assertThat(context.getEnvironment().getProperty("test.other")).isEqualTo("also from the starter");
		}
	}

	@Test
	void aRandomDefaultIsDrawnOncePerProcess() {
		try (ConfigurableApplicationContext context = application().run()) {
			String drawn = context.getEnvironment().getRequiredProperty("test.instance");
			assertThat(drawn).hasSize("x-".length() + 36);
			assertThat(context.getEnvironment().getProperty("test.instance")).isEqualTo(drawn);
			new StarterDefaults().postProcessEnvironment(context.getEnvironment(), application());
			assertThat(context.getEnvironment().getProperty("test.instance")).isEqualTo(drawn);
		}
	}

	@Test
	void twoStartersThatDisagreeStopTheStartAndAreBothNamed(@TempDir Path starters) throws IOException {
		ClassLoader original = Thread.currentThread().getContextClassLoader();
		URL[] classPath = { starter(starters.resolve("one"), "first"), starter(starters.resolve("two"), "second") };
		try (URLClassLoader classLoader = new URLClassLoader(classPath, original)) {
			Thread.currentThread().setContextClassLoader(classLoader);
			assertThatIllegalStateException().isThrownBy(() -> application().run())
				.withMessageContaining("'test.disputed'")
				.withMessageContaining("one/META-INF")
				.withMessageContaining("two/META-INF");
		}
		finally {
			Thread.currentThread().setContextClassLoader(original);
		}
	}

	private static URL starter(Path directory, String value) throws IOException {
		Path file = directory.resolve(StarterDefaults.LOCATION);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "test.disputed=" + value);
		return directory.toUri().toURL();
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(Empty.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
