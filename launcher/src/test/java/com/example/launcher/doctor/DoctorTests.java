package com.example.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

import com.example.launcher.build.Workspace;
import com.example.launcher.doctor.Finding.Verdict;
import com.example.launcher.process.WriteFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DoctorTests {

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path root;

	@BeforeEach
	void makeAService() throws IOException {
		Path module = root.resolve("services/user-service");
		Files.createDirectories(module.resolve("src/main/resources"));
		Files.writeString(module.resolve("pom.xml"), "<project/>");
		Files.writeString(module.resolve("src/main/resources/application.yml"),
				"server.port: 8081\nspring.grpc.server.port: 9081\n");
	}

	@Test
	void whereAllIsWellNothingIsWrong() {
		assertThat(findings(root, (port) -> true).values()).extracting(Finding::verdict).doesNotContain(Verdict.WRONG);
	}

	@Test
	void portsOfOthersAreToldWithWhoseTheyWouldBe() {
		Finding ports = findings(root, (port) -> port != 9081).get("ports");
		assertThat(ports).isEqualTo(Finding.note("ports",
				"taken by others: 9081 (user-service). './dev up' uses free ones instead and prints them; './dev up --port N' chooses the gateway's."));
	}

	@Test
	void aFolderThatCannotBeWrittenIsWrong() throws IOException {
		Path file = Files.createFile(root.resolve("services/file"));
		assertThat(Doctor.folder("folder", file, WriteFailure.CLONE))
			.matches((finding) -> finding.verdict() == Verdict.WRONG)
			.extracting(Finding::text)
			.asString()
			.endsWith(file + " is a file, not a folder. Delete it.");
	}

	@Test
	void tooLittleRoomIsWrong() {
		assertThat(Doctor.room("disk", root, Long.MAX_VALUE / 2))
			.matches((finding) -> finding.verdict() == Verdict.WRONG)
			.extracting(Finding::text)
			.asString()
			.contains("only ", " MiB free", "make room");
	}

	@Test
	void anOldMavenIsWrong() {
		assertThat(Map.of("3.6.3", Verdict.WRONG, "3.8.6", Verdict.WRONG, "3.8.7", Verdict.OK, "3.9.12", Verdict.OK,
				"4.0.0-rc-5", Verdict.OK, "2.2.1", Verdict.WRONG))
			.allSatisfy((version, verdict) -> assertThat(
					Doctor.maven(Path.of("/usr/bin/mvn"), "Apache Maven " + version + "\nMaven home: x").verdict())
				.isEqualTo(verdict));
		assertThat(Doctor.maven(Path.of("/usr/bin/mvn"), "\u001b[1mApache Maven 3.9.9\u001b[m").text())
			.isEqualTo("Apache Maven 3.9.9 at /usr/bin/mvn");
		assertThat(Doctor.maven(Path.of("/usr/bin/mvn"), "").text()).contains("tells no version");
	}

	private static Map<String, Finding> findings(Path root, IntPredicate free) {
		return new Doctor(new Workspace(root), root.resolve(".dev"), free).findings()
			.stream()
			.collect(Collectors.toMap(Finding::thing, Function.identity()));
	}

}
