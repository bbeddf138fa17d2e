package com.example.launcher.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import com.example.launcher.FakeRepository;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a shell script stands for Maven")
class MavenBuildTests {

	private final Path root;

	private final Path source;

	private final Path calls;

	private final Path jar;

	private final List<String> progress = new ArrayList<>();

	MavenBuildTests(@TempDir Path root, @TempDir Path other) throws IOException {
		this.root = root;
		this.source = root.resolve("services/a-service/src/main/java/A.java");
		this.calls = root.resolve("calls");
		this.jar = new Workspace(FakeRepository.in(other).root()).jar("gateway", true);
	}

	@BeforeEach
	void createSources() throws IOException {
		write("pom.xml");
		write("services/a-service/pom.xml");
		write("services/a-service/src/main/java/A.java");
		write("services/a-service/src/test/java/ATests.java");
		write("starters/web/src/main/java/B.java");
	}

	@Test
	void nothingIsBuiltTwice() throws IOException {
		build(0);
		build(0);

		assertThat(calls()).hasSize(1);
		assertThat(calls().get(0)).contains("-Prun").contains("-pl services/a-service");
	}

	@Test
	void aChangedANewAndADeletedSourceAreStale() throws IOException {
		build(0);
		Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
		build(0);
		Path added = write("starters/web/src/main/java/C.java");
		build(0);
		Files.delete(added);
		build(0);
		write("config-centre/protocol/src/main/java/D.java");
		build(0);

		assertThat(calls()).hasSize(5);
	}

	@Test
	void codeAloneIsCompiledWithoutMaven() throws Exception {
		build(0);
		Files.writeString(source, "class A { } class B { }");

		assertThat(entries(image(0))).contains("A.class", "B.class", "built", "META-INF/MANIFEST.MF")
			.noneMatch((entry) -> entry.contains("FakeApplication"));
		assertThat(calls()).hasSize(1);

		Files.writeString(source, "class A ");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> image(1))
			.withMessageContaining("[ERROR] A.java does not compile");
		Files.writeString(source, "class A { }");
		assertThat(entries(image(0))).contains("A.class").doesNotContain("B.class");
		assertThat(calls()).hasSize(2);

		write("services/a-service/src/main/resources/application.yml");
		assertThat(entries(image(0))).anyMatch((entry) -> entry.contains("FakeApplication"));
		assertThat(calls()).hasSize(3);
	}

	@Test
	void onlyWhatIsStaleIsBuilt() throws IOException {
		write("services/b-service/pom.xml");
		build(0, "a-service", "b-service");
		write("services/b-service/src/main/java/C.java");
		build(0, "a-service", "b-service");
		build(0, "a-service");
		write("starters/web/src/main/java/C.java");
		build(0, "a-service");
		build(0, "a-service", "b-service");

		assertThat(calls()).extracting((call) -> call.replaceFirst(".* ", ""))
			.containsExactly("services/a-service,services/b-service", "services/b-service", "services/a-service",
					"services/b-service");
	}

	@Test
	void testsAreNotStale() throws IOException {
		build(0);
		write("services/a-service/src/test/java/MoreTests.java");
		build(0);

		assertThat(calls()).hasSize(1);
	}

	@Test
	void aMissingJarIsStale() throws IOException {
		build(0);
		Files.delete(new Workspace(root).jar("a-service", false));
		build(0);

		assertThat(calls()).hasSize(2);
	}

	@Test
	void aFailureTellsMavensErrorsAndIsBuiltAgain() throws IOException {
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> build(1))
			.withMessageContaining("[ERROR] A.java does not compile")
			.withMessageNotContaining("[INFO]");
		build(0);

		assertThat(calls()).hasSize(2);
	}

	@Test
	void modulesAreToldAsTheyAreBuilt() throws IOException {
		build(0);

		assertThat(progress).containsExactly("Building a-service", "  a-service (2 of 3)");
	}

	private void build(int exitCode, String... applications) throws IOException {
		maven(exitCode).buildIfStale((applications.length == 0) ? List.of("a-service") : List.of(applications),
				progress::add);
	}

	private ApplicationImage image(int exitCode) throws IOException {
		return maven(exitCode).image("a-service", root.resolve("images"), progress::add);
	}

	private static List<String> entries(ApplicationImage image) throws IOException {
		try (ZipFile zip = new ZipFile(image.jar().toFile())) {
			return zip.stream().map(ZipEntry::getName).toList();
		}
	}

	private MavenBuild maven(int exitCode) throws IOException {
		Path maven = Files.writeString(root.resolve("mvn"), """
				#!/bin/sh
				echo "$*" >>%1$s
				for module in $(echo "${*##*-pl }" | tr , ' '); do
				name=${module##*/}
				mkdir -p %2$s/services/$name/target/run
				[ %3$d != 0 ] || cp %4$s %2$s/services/$name/target/run/$name.jar
				done
				echo '[INFO] Building a-service 1.0.0-SNAPSHOT                          [2/3]'
				echo '[ERROR] A.java does not compile'
				exit %3$d
				""".formatted(calls, root, exitCode, jar));
		assertThat(maven.toFile().setExecutable(true)).isTrue();
		return new MavenBuild(new Workspace(root), root.resolve(".dev"), maven);
	}

	private List<String> calls() throws IOException {
		return Files.readAllLines(calls);
	}

	private Path write(String file) throws IOException {
		Path path = root.resolve(file);
		Files.createDirectories(path.getParent());
		return Files.writeString(path, "");
	}

}
