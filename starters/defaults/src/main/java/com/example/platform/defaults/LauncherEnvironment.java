package com.example.platform.defaults;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.StreamSupport;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What {@code ./dev up --without} has written for an application that is started from an
 * IDE: environment variables with which it joins the running system. Only a main class in
 * a build's folder {@value #CLASSES} reads them, neither a jar nor a test. Real
 * environment variables win over them, and they over the application's own files.
 */
public final class LauncherEnvironment implements EnvironmentPostProcessor, Ordered {

	private static final String CLASSES = "classes";

	// Spring Boot takes a source whose name ends like this for environment variables.
	private static final String NAME = "launcher-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

	private final Log log;

	public LauncherEnvironment(DeferredLogFactory logs) {
		this.log = logs.getLog(LauncherEnvironment.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		classes(application.getMainApplicationClass()).flatMap(LauncherEnvironment::written).ifPresent((file) -> {
			log.info("Joins the system that ./dev up has started, by " + file);
			environment.getPropertySources()
				.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new SystemEnvironmentPropertySource(NAME, read(file)));
		});
	}

	/** Runs before the config data is loaded, which is found by it. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	private static Optional<Path> classes(@Nullable Class<?> main) {
		CodeSource source = (main != null) ? main.getProtectionDomain().getCodeSource() : null;
		return Optional.ofNullable(source)
			.map((found) -> URI.create(found.getLocation().toString()))
			.filter((location) -> "file".equals(location.getScheme()))
			.map(Path::of)
			.filter((folder) -> folder.endsWith(CLASSES));
	}

	/** The file named after a folder between the repository and the classes. */
	static Optional<Path> written(Path classes) {
		for (Path root = classes.getParent(); root != null; root = root.getParent()) {
			Path folder = root.resolve(".dev/env");
			if (Files.isDirectory(folder)) {
				return StreamSupport.stream(root.relativize(classes).spliterator(), false)
					.map((name) -> folder.resolve(name + ".properties"))
					.filter(Files::exists)
					.findFirst();
			}
		}
		return Optional.empty();
	}

	private static Map<String, Object> read(Path file) {
		Properties variables = new Properties();
		try (Reader reader = Files.newBufferedReader(file)) {
			variables.load(reader);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read what ./dev up has written: " + file, ex);
		}
		Map<String, Object> all = new HashMap<>();
		variables.forEach((name, value) -> all.put(name.toString(), value));
		return all;
	}

}
