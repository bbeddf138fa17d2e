package com.example.launcher.process;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogFileTests {

	@Test
	void theInnermostCauseIsTold() {
		assertThat(LogFile.cause(List.of("java.lang.IllegalStateException: outer", "\tat a.B.c(B.java:1)",
				"Caused by: java.lang.Exception: middle", "Caused by: java.net.BindException: inner", "\t... 3 more")))
			.isEqualTo("Caused by: java.net.BindException: inner");
	}

	@Test
	void aMigrationThatFailsIsToldWithItsScriptAndLine() {
		assertThat(LogFile.cause(List.of("org.springframework.beans.factory.BeanCreationException: flyway",
				"\tat a.B.c(B.java:1)", "Caused by: org.flywaydb.FlywayMigrateException: Migration failed",
				"\tat a.B.c(B.java:1)", "Caused by: org.flywaydb.FlywaySqlScriptException: Script V2__x.sql failed",
				"-----------------------", "Message    : ERROR: syntax error at or near \"TABEL\"", "  Position: 8",
				"Location   : db/migration/V2__x.sql", "Line       : 3", "", "\tat a.B.c(B.java:1)",
				"Caused by: org.postgresql.util.PSQLException: ERROR: syntax error at or near \"TABEL\"",
				"  Position: 8", "\tat a.B.c(B.java:1)", "2026-01-01 INFO stopped")))
			.startsWith("Caused by: org.flywaydb.FlywaySqlScriptException")
			.contains("Location   : db/migration/V2__x.sql", "Line       : 3")
			.doesNotContain("\tat", "stopped");
	}

	@Test
	void aCauseOfSeveralLinesIsToldAsAWhole() {
		assertThat(LogFile.cause(List.of("java.lang.IllegalStateException: outer", "\tat a.B.c(B.java:1)",
				"Caused by: org.flywaydb.FlywayValidateException: Validate failed",
				"Migration checksum mismatch for migration version 1", "\tat a.B.c(B.java:1)")))
			.isEqualToNormalizingNewlines(
					"Caused by: org.flywaydb.FlywayValidateException: Validate failed\nMigration checksum mismatch for migration version 1");
	}

	@Test
	void theAnalysisOfSpringBootIsToldWithoutDecoration() {
		assertThat(LogFile
			.cause(List.of("Caused by: something", "***************************", "APPLICATION FAILED TO START",
					"***************************", "", "Description:", "", "Port 8081 was already in use.")))
			.isEqualToNormalizingNewlines("APPLICATION FAILED TO START\nDescription:\nPort 8081 was already in use.");
	}

	@Test
	void aMissingLogIsToldToo() {
		assertThat(new LogFile(Path.of("no-such.log")).cause()).contains("cannot be read");
	}

}
