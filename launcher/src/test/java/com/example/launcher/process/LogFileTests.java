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
