package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each guard of the build fails it. Tiny modules with one mistake each are built in a
 * temporary folder by {@link OfflineMaven}.
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
		OfflineMaven maven = OfflineMaven.in(folder, MEMBERS.keySet());
		for (Map.Entry<String, String> module : MEMBERS.entrySet()) {
			module(maven, module.getKey(), module.getValue());
		}
		OfflineMaven.Result result = maven.run("--fail-at-end", "compile");
		output = result.output();
		assertThat(result.exitCode()).as(output).isNotZero();
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

	private static void module(OfflineMaven maven, String name, String members) throws IOException {
		maven.write(name + "/pom.xml", """
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
		String sources = name + "/src/main/java/com/example/guarded/";
		maven.write(sources + "package-info.java", """
				/**
				 * Guarded.
				 */
				@NullMarked
				package com.example.guarded;

				import org.jspecify.annotations.NullMarked;
				""");
		maven.write(sources + "Guarded.java", """
				package com.example.guarded;

				class Guarded {

				%s
				}
				""".formatted(members));
	}

}
