package com.example.systemtests;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Proves that a missing {@link Tool} does not go unnoticed.
 */
class ToolTests {

	@Test
	void aMissingToolFailsTheTestInContinuousIntegration() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Tool.find("kubectl", "kubernetes-client", Map.of("PATH", "/nowhere", "CI", "true")))
			.withMessageContaining("kubernetes-client");
	}

	@Test
	void aMissingToolSkipsTheTestElsewhereAndSaysWhy() {
		assertThatExceptionOfType(TestAbortedException.class)
			.isThrownBy(() -> Tool.find("kubectl", "kubernetes-client", Map.of("PATH", "/nowhere")))
			.withMessageContaining("kubernetes-client");
	}

	@Test
	void aToolReportsHowItEnded() {
		Tool.Result result = Tool
			.find("java", "openjdk-17-jdk", Map.of("PATH", System.getProperty("java.home") + "/bin"))
			.run("--no-such-option");
		assertThat(result.exitCode()).isNotZero();
		assertThat(result.errors()).contains("--no-such-option");
	}

}
