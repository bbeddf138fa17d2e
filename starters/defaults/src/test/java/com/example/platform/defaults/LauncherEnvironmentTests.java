package com.example.platform.defaults;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class LauncherEnvironmentTests {

	private final Path root;

	private final Path module;

	LauncherEnvironmentTests(@TempDir Path root) {
		this.root = root;
		this.module = root.resolve("services/shop-service");
	}

	@BeforeEach
	void write() throws IOException {
		Path folder = Files.createDirectories(root.resolve(".dev/env"));
		Files.writeString(folder.resolve("shop-service.properties"), "TEST_GREETING=from the launcher\nSHOP_MAXAGE=5s");
		Files.writeString(folder.resolve("user-service.properties"), "TEST_GREETING=to somebody else");
	}

	@ParameterizedTest
	@ValueSource(strings = { "target/classes", "target/run/classes" })
	void aMainClassInAFolderOfClassesReadsWhatIsWrittenForItsModule(String classes) throws Exception {
		try (ConfigurableApplicationContext context = run(compiled(module.resolve(classes)))) {
			assertThat(context.getEnvironment().getProperty("test.greeting")).isEqualTo("from the launcher");
			assertThat(context.getEnvironment().getProperty("shop.max-age")).isEqualTo("5s");
			assertThat(context.getEnvironment().getPropertySources()).extracting(PropertySource::getName)
				.containsSubsequence("commandLineArgs", "systemProperties", "systemEnvironment",
						"launcher-systemEnvironment", "defaultProperties");
		}
	}

	@Test
	void testsDoNot() throws Exception {
		assertReadsNothing(compiled(module.resolve("target/test-classes")));
	}

	@Test
	void jarsDoNot() throws Exception {
		Path jar = module.resolve("target/shop-service.jar");
		run("jar", "--create", "--file", jar.toString(), "-C", compiled(module.resolve("target/classes")).toString(),
				".");
		assertReadsNothing(jar);
	}

	@Test
	void whatNothingIsWrittenForDoesNot() throws Exception {
		assertReadsNothing(compiled(root.resolve("services/other-service/target/classes")));
	}

	private static void assertReadsNothing(Path classPath) throws Exception {
		try (ConfigurableApplicationContext context = run(classPath)) {
			assertThat(context.getEnvironment().getProperty("test.greeting")).isEqualTo("from the starter");
		}
	}

	private static Path compiled(Path folder) throws IOException {
		Path source = Files.writeString(Files.createDirectories(folder).resolve("Main.java"), "class Main { }");
		run("javac", "-d", folder.toString(), source.toString());
		return folder;
	}

	private static void run(String tool, String... arguments) {
		assertThat(ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments)).isZero();
	}

	private static ConfigurableApplicationContext run(Path classPath) throws Exception {
		try (URLClassLoader classLoader = new URLClassLoader(new URL[] { classPath.toUri().toURL() })) {
			SpringApplication application = new SpringApplication(Empty.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.setMainApplicationClass(classLoader.loadClass("Main"));
			return application.run("--any");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
