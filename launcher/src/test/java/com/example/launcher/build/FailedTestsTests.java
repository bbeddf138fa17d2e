package com.example.launcher.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FailedTestsTests {

	private static final Instant START = Instant.parse("2026-01-01T10:00:00.500Z");

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path root;

	@BeforeEach
	void createModules() throws IOException {
		Files.writeString(root.resolve("pom.xml"),
				"<project><modules><module>gateway</module><module>services/a</module></modules></project>");
	}

	@Test
	void theReportsOfThisRunAreRead() throws IOException {
		report("gateway/target/surefire-reports/TEST-a.ATests.xml", START,
				"""
						<testsuite><testcase classname="a.ATests" name="works"/>
						<testcase classname="a.ATests" name="fails"><failure message="expected: 1&#10;  but was: 2" type="E"/></testcase>
						<testcase classname="a.ATests" name="breaks"><error type="java.io.IOException"/></testcase></testsuite>""");
		report("services/a/target/failsafe-reports/TEST-b.BSystemTests.xml", START.plusSeconds(60),
				"<testsuite><testcase classname='b.BSystemTests' name='c'><error message='%s'/></testcase></testsuite>"
					.formatted("x".repeat(1_000)));
		report("services/a/target/surefire-reports/TEST-b.Old.xml", START.minusSeconds(1),
				"<testsuite><testcase classname='b.Old' name='o'><error message='old'/></testcase></testsuite>");
		assertThat(FailedTests.since(START, new Workspace(root))).containsExactly(
				"gateway: a.ATests.fails: expected: 1 but was: 2", "gateway: a.ATests.breaks: java.io.IOException",
				"services/a: b.BSystemTests.c: " + "x".repeat(300));
	}

	@Test
	void aReportThatEndsHalfWayIsAFailureAndHidesNoOther() throws IOException {
		report("gateway/target/surefire-reports/TEST-a.ATests.xml", START, "<testsuite><testcase");
		report("services/a/target/surefire-reports/TEST-b.BTests.xml", START,
				"<testsuite><testcase classname='b.BTests' name='c'><failure message='no'/></testcase></testsuite>");
		assertThat(FailedTests.since(START, new Workspace(root))).containsExactly(
				"gateway: TEST-a.ATests.xml ends half way: the tests were killed", "services/a: b.BTests.c: no");
	}

	private void report(String file, Instant written, String text) throws IOException {
		Path report = root.resolve(file);
		Files.createDirectories(report.getParent());
		// Some file systems know seconds only.
		Files.setLastModifiedTime(Files.writeString(report, text),
				FileTime.from(Instant.ofEpochSecond(written.getEpochSecond())));
	}

}
