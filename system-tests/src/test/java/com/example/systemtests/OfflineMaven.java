package com.example.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The Maven, the JDK and the root pom of this build with other modules, in a temporary
 * folder. Offline: all that is needed was downloaded for this build.
 *
 * @param folder the folder
 */
record OfflineMaven(Path folder) {

	/** Copies the root pom to a folder. */
	static OfflineMaven in(Path folder, Collection<String> modules) throws IOException {
		OfflineMaven maven = new OfflineMaven(folder);
		String list = modules.stream()
			.map((name) -> "<module>" + name + "</module>")
			.collect(Collectors.joining("", "<modules>", "</modules>"));
		maven.write("pom.xml",
				Repository.read(Repository.path("pom.xml")).replaceFirst("(?s)<modules>.*?</modules>", list));
		maven.write(".mvn/jvm.config", Repository.read(Repository.path(".mvn/jvm.config")));
		return maven;
	}

	Path write(String file, String text) throws IOException {
		Path path = folder.resolve(file);
		Files.createDirectories(path.getParent());
		return Files.writeString(path, text);
	}

	/** Builds to the end. */
	Result run(String... arguments) throws IOException, InterruptedException {
		return run(Map.of(), arguments);
	}

	/** Builds to the end with more environment variables. */
	Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
		String program = (File.separatorChar == '\\') ? "mvn.cmd" : "mvn";
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("maven.home"), "bin", program).toString(), "--batch-mode", "--offline",
				"-Dstyle.color=never", "-Dmaven.repo.local=" + System.getProperty("localRepository")));
		command.addAll(List.of(arguments));
		ProcessBuilder maven = new ProcessBuilder(command);
		maven.environment().putAll(environment);
		maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
		// For so little code the optimising compiler costs more than it saves.
		maven.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1");
		Process process = maven.directory(folder.toFile()).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Result(process.waitFor(), output);
	}

	/**
	 * How a build ended.
	 *
	 * @param exitCode 0 if it succeeded
	 * @param output what it wrote
	 */
	record Result(int exitCode, String output) {

	}

}
