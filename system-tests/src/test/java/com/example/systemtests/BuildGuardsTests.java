package com.example.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each guard of the build fails it. Tiny modules with one mistake each are built in a
 * temporary folder by the Maven, the JDK and the root pom of this build, offline: all
 * that is needed was downloaded for this build.
 */
class BuildGuardsTests {

	private static final Map<String, String> MEMBERS = Map.of("clean", """
			\tString name() {
			\t\treturn "guarded";
			\t}
			""", "unformatted", """
			  String name() { return "guarded"; }
			""", "nullness", """
			\tString name() {
			\t\treturn null;
			\t}
			""", "bug-pattern", """
			\tbyte[] name() {
			\t\treturn "guarded".getBytes();
			\t}
			""", "lint", """
			\tComparable name() {
			\t\treturn "guarded";
			\t}
			""");

	private static String output;

	@BeforeAll
	static void build(@TempDir Path folder) throws IOException, InterruptedException {
		String modules = MEMBERS.keySet()
			.stream()
			.map((name) -> "<module>" + name + "</module>")
			.collect(Collectors.joining("", "<modules>", "</modules>"));
		write(folder.resolve("pom.xml"),
				Repository.read(Repository.path("pom.xml")).replaceFirst("(?s)<modules>.*?</modules>", modules));
		write(folder.resolve(".mvn/jvm.config"), Repository.read(Repository.path(".mvn/jvm.config")));
		for (Map.Entry<String, String> module : MEMBERS.entrySet()) {
			module(folder.resolve(module.getKey()), module.getKey(), module.getValue());
		}
		String program = (File.separatorChar == '\\') ? "mvn.cmd" : "mvn";
		ProcessBuilder maven = new ProcessBuilder(Path.of(System.getProperty("maven.home"), "bin", program).toString(),
				"--batch-mode", "--offline", "--fail-at-end", "-Dstyle.color=never",
				"-Dmaven.repo.local=" + System.getProperty("localRepository"), "compile");
		maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
		// For so little code the optimising compiler costs more than it saves.
		maven.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1");
		Process process = maven.directory(folder.toFile()).redirectErrorStream(true).start();
		process.getOutputStream().close();
		output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isNotZero();
	}

	@Test
	void cleanCodePasses() {
		assertThat(output).containsPattern("clean \\.+ SUCCESS");
	}

	@Test
	void codeInAnotherFormatFails() {
		assertFails("unformatted", "on project unformatted: Formatting violations found");
	}

	@Test
	void nullWhereItIsNotAllowedFails() {
		assertFails("nullness", "nullness\\S+Guarded\\.java:\\[6,\\d+] \\[NullAway]");
	}

	@Test
	void aBugPatternFails() {
		assertFails("bug-pattern", "bug-pattern\\S+Guarded\\.java:\\[6,\\d+] \\[DefaultCharset]");
	}

	@Test
	void aWarningOfTheCompilerFails() {
		assertFails("lint", "lint\\S+Guarded\\.java:\\[5,\\d+] found raw type");
	}

	private static void assertFails(String module, String message) {
		assertThat(output).containsPattern(module + " \\.+ FAILURE").containsPattern(message);
	}

	private static void module(Path folder, String name, String members) throws IOException {
		write(folder.resolve("pom.xml"), """
				<project xmlns="http://maven.apache.org/POM/4.0.0">
				  <modelVersion>4.0.0</modelVersion>
				  <parent>
				    <groupId>com.example</groupId>
				    <artifactId>platform</artifactId>
				    <version>1.0.0-SNAPSHOT</version>
				  </parent>
				  <artifactId>%s</artifactId>
				  <dependencies>
				    <dependency>
				      <groupId>org.jspecify</groupId>
				      <artifactId>jspecify</artifactId>
				    </dependency>
				  </dependencies>
				</project>
				""".formatted(name));
		Path sources = folder.resolve("src/main/java/com/example/guarded");
		write(sources.resolve("package-info.java"), """
				/**
				 * Guarded.
				 */
				@NullMarked
				package com.example.guarded;

				import org.jspecify.annotations.NullMarked;
				""");
		write(sources.resolve("Guarded.java"), """
				package com.example.guarded;

				class Guarded {

				%s
				}
				""".formatted(members));
	}

	private static void write(Path file, String text) throws IOException {
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

}
