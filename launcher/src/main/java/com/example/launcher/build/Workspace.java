package com.example.launcher.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;

/**
 * The repository on disk.
 *
 * @param root its folder
 */
public record Workspace(Path root) {

	/** Where the {@code run} profile builds each module. */
	static final String RUN_FOLDER = "target/run";

	private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

	/** Names of the services: the folders under {@code services/}, sorted. */
	public List<String> services() {
		Path folder = root.resolve("services");
		if (!Files.isDirectory(folder)) {
			throw new LocalSystemException(
					"There is no folder %s. Run ./dev from the repository, or name it with --root.".formatted(folder));
		}
		try (Stream<Path> entries = Files.list(folder)) {
			return entries.filter((entry) -> Files.exists(entry.resolve("pom.xml")))
				.map((entry) -> entry.getFileName().toString())
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be read (%s).".formatted(folder, ex), ex);
		}
	}

	/** Whether there is an application of that name. */
	public boolean has(String application) {
		return Files.exists(root.resolve(module(application)).resolve("pom.xml"));
	}

	/** The module of an application, relative to the root. */
	public String module(String application) {
		if (application.equals("config-server")) {
			return "config-centre/server";
		}
		return Files.isDirectory(root.resolve("services").resolve(application)) ? "services/" + application
				: application;
	}

	/** The folders of all modules, as the root's {@code pom.xml} lists them. */
	List<String> modules() {
		try {
			return MODULE.matcher(Files.readString(root.resolve("pom.xml")))
				.results()
				.map((module) -> module.group(1))
				.toList();
		}
		catch (IOException ex) {
			throw new LocalSystemException("The modules cannot be read (%s).".formatted(ex), ex);
		}
	}

	/**
	 * The module that somebody calls by its path, by the last part of that or by the
	 * application's name.
	 */
	public String moduleNamed(String name) {
		return modules().stream()
			.filter((module) -> ("/" + module).endsWith("/" + name) || module.equals(module(name)))
			.findFirst()
			.orElseThrow(() -> new LocalSystemException(
					"There is no module %s. There are: %s.".formatted(name, String.join(", ", modules()))));
	}

	/** The test classes of a module, as files below its folder of them. */
	public List<String> tests(String module) {
		Path folder = root.resolve(module).resolve("src/test/java");
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith("Tests.java"))
				.map((file) -> folder.relativize(file).toString().replace('\\', '/'))
				.toList();
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be read (%s).".formatted(folder, ex), ex);
		}
	}

	/**
	 * The executable jar of an application.
	 * @param prebuilt whether that of the main build, else that of the {@code run}
	 * profile
	 */
	public Path jar(String application, boolean prebuilt) {
		return root.resolve(module(application))
			.resolve(prebuilt ? "target" : RUN_FOLDER)
			.resolve(application + ".jar");
	}

	/** The ports that an application names itself. */
	public ApplicationPorts ports(String application) {
		return ApplicationPorts.of(root.resolve(module(application)));
	}

	/** The Maven on the path, else the wrapper. */
	public Path maven() {
		OperatingSystem system = OperatingSystem.current();
		return system.scriptOnPath("mvn").orElse(root.resolve(system.script("mvnw")));
	}

}
