package com.example.platform.configclient.renewal;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class LogLevelsTests {

	private final LoggingSystem logging = LoggingSystem.get(LogLevelsTests.class.getClassLoader());

	private final @Nullable LogLevel rootBefore = level("ROOT");

	private final MockEnvironment start = new MockEnvironment().withProperty("logging.level.a.start", "warn");

	@AfterEach
	void reset() {
		logging.setLogLevel("ROOT", rootBefore);
		for (String name : List.of("a.start", "a.dotted", "a.bracketed", "a.member", "a.other", "a.web", "a.operator",
				"web", "mine")) {
			logging.setLogLevel(name, null);
		}
	}

	@Test
	void whatIsTakenOutGoesBackHoweverItWasWritten() {
		logging.setLogLevel("a.start", LogLevel.WARN);
		LogLevels levels = new LogLevels(logging, null, start);
		levels.renew(new MockEnvironment().withProperty("logging.level.root", "debug")
			.withProperty("logging.level.a.dotted", "trace")
			.withProperty("logging.level[a.bracketed]", "off"));
		assertThat(level("ROOT")).isEqualTo(LogLevel.DEBUG);
		assertThat(level("a.dotted")).isEqualTo(LogLevel.TRACE);
		assertThat(level("a.bracketed")).isEqualTo(LogLevel.OFF);
		assertThat(level("a.start")).isNull();
		levels.renew(start);
		assertThat(level("ROOT")).isEqualTo(LogLevel.INFO);
		assertThat(level("a.dotted")).isNull();
		assertThat(level("a.bracketed")).isNull();
		assertThat(level("a.start")).isEqualTo(LogLevel.WARN);
	}

	@Test
	void aGroupSetsItsMembersAndNoLoggerOfItsName() {
		LogLevels levels = new LogLevels(logging, new LoggerGroups(Map.of("web", List.of("a.web"))), start);
		// As Spring Cloud does.
		logging.setLogLevel("web", LogLevel.DEBUG);
		levels.renew(new MockEnvironment().withProperty("logging.level.web", "debug")
			.withProperty("logging.group.mine", "a.member,a.other")
			.withProperty("logging.level.mine", "error"));
		assertThat(level("a.web")).isEqualTo(LogLevel.DEBUG);
		assertThat(level("web")).isNull();
		assertThat(level("a.member")).isEqualTo(LogLevel.ERROR);
		levels.renew(new MockEnvironment().withProperty("logging.group.mine[0]", "a.other")
			.withProperty("logging.level.mine", "error"));
		assertThat(level("a.web")).isNull();
		assertThat(level("a.member")).isNull();
		assertThat(level("a.other")).isEqualTo(LogLevel.ERROR);
	}

	@Test
	void whatSomebodySetStaysUntilConfigurationNamesTheLogger() {
		LogLevels levels = new LogLevels(logging, null, start);
		logging.setLogLevel("a.operator", LogLevel.TRACE);
		levels.renew(new MockEnvironment().withProperty("logging.level.a.dotted", "info"));
		assertThat(level("a.operator")).isEqualTo(LogLevel.TRACE);
		levels.renew(new MockEnvironment().withProperty("logging.level.a.operator", "info"));
		assertThat(level("a.operator")).isEqualTo(LogLevel.INFO);
		levels.renew(new MockEnvironment());
		assertThat(level("a.operator")).isNull();
	}

	private @Nullable LogLevel level(String name) {
		LoggerConfiguration logger = logging.getLoggerConfiguration(name);
		return (logger != null) ? logger.getConfiguredLevel() : null;
	}

}
