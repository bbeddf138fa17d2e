package com.example.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The script {@code dev} itself, with scripts that stand for Maven, which writes a number
 * to the launcher's jar, and for Java, which prints it.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs a shell script")
class DevScriptTests {

	private final Path root;

	private final Path jar;

	DevScriptTests(@TempDir Path root) {
		this.root = root;
		this.jar = root.resolve("launcher/target/dev/launcher.jar");
	}

	@BeforeEach
	void createRepository() throws IOException {
		Files.copy(Path.of("../dev"), root.resolve("dev"), StandardCopyOption.COPY_ATTRIBUTES);
		Files.createDirectories(root.resolve("launcher/src/main"));
		Files.createDirectories(root.resolve("config-centre/protocol/src/main"));
		Files.createFile(root.resolve("launcher/pom.xml"));
		Files.createFile(root.resolve("config-centre/protocol/pom.xml"));
		Files.createFile(root.resolve("pom.xml"));
		Files.createDirectories(jar.getParent());
		script("bin/javac", "");
		script("bin/java", """
				if [ "$2" = -version ]; then
				  echo "java.home = %1$s"; echo "java.specification.version = 17"; echo "user.home = %1$s"
				  exit
				fi
				while :; do
				  case $1 in
				  -jar) echo "launcher $(cat "$2") got $3"; exit ;;
				  *.java) shift 2; exec "$@" ;;
				  esac
				  shift
				done
				""".formatted(root));
	}

	@Test
	void aRunningLauncherKeepsItsJarWhenItIsBuiltAnew() throws Exception {
		maven("printf 1 >" + jar);
		assertThat(dev("status")).contains("launcher 1 got status");
		try (InputStream running = Files.newInputStream(jar)) {
			changeSources();
			maven("printf 2 >" + jar);

			assertThat(dev("status")).contains("launcher 2 got status");
			assertThat(new String(running.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("1");
		}
	}

	@Test
	void whatRunsIsReachedThoughTheSourcesCannotBeBuilt() throws Exception {
		maven("printf 1 >" + jar);
		dev("status");
		changeSources();
		maven("echo 'Non-parseable POM'; exit 1");

		assertThat(dev("down")).contains("Non-parseable POM", "The launcher built before goes on",
				"launcher 1 got down");
		assertThat(dev("up")).contains("Non-parseable POM").doesNotContain("got up");
	}

	@Test
	void nothingIsBuiltTwice() throws Exception {
		maven("printf 1 >" + jar);
		dev("status");

		assertThat(dev("status")).isEqualToNormalizingNewlines("launcher 1 got status\n");
	}

	private void changeSources() throws IOException {
		Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
	}

	private void maven(String script) throws IOException {
		script("bin/mvn", script);
	}

	private void script(String name, String text) throws IOException {
		Path file = root.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/bin/sh\n" + text + "\n");
		assertThat(file.toFile().setExecutable(true)).isTrue();
	}

	private String dev(String command) throws Exception {
		ProcessBuilder builder = new ProcessBuilder("sh", root.resolve("dev").toString(), command)
			.redirectErrorStream(true);
		builder.environment().put("JAVA_HOME", root.toString());
		builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output;
	}

}
