package com.example.configserver.content;

import java.util.List;
import java.util.UUID;

import com.example.platform.configrefresh.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigurationCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "timeout: 2s", "timeout: 500", "timeout: PT2S", "timeout: ${T:2s}", "timeout:",
			"max-size: 512KB", "maxSize: 10", "MAX_SIZE: 1MB", "enabled: on", "enabled: 'yes'", "lines: 0x10",
			"lines: '1'", "lines: -1", "ratio: 1", "ratio: .5", "charset: utf-8", "pauses: 1s,2s", "pauses: [1s, 2]",
			"pauses: []", "pauses[0]: 1s", "labels: {a: 1, b.c: x}", "labels:", "weights: {a: 1}", "mode: anything",
			"rules: [{a: 1, b: {c: 2}}]", "services: {x: {policy: p, deadline: 1s}}", "services: {x: {}}",
			"services.[a.b].policy: p", "{}" })
	void valuesThatSpringBootCanBindAreAccepted(String line) {
		assertThat(check("platform.sample:\n  " + line)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			timeout: fast                 | timeout             | must be a duration (java.time.Duration) such as 500ms
			timeout: 2 parsecs            | timeout             | must be a duration
			max-size: 1 elephant          | max-size            | must be a size (DataSize) such as 512KB
			enabled: maybe                | enabled             | must be true or false
			lines: many                   | lines               | must be a whole number (Integer)
			lines: 99999999999            | lines               | must be a whole number (Integer)
			lines: 1.5x                   | lines               | must be a whole number (Integer)
			ratio: half                   | ratio               | must be a number such as 0.5
			charset: utf-99               | charset             | must be the name of a character set
			pauses: 1s,soon               | pauses              | must be a list, each of it a duration
			pauses[1]: soon               | pauses[1]           | must be a duration
			weights: {a: b}               | weights.a           | must be a whole number
			services.x.deadline: soon     | services.x.deadline | must be a duration
			services.x.dedline: 1s        | services.x.dedline  | did you mean platform.sample.services.x.deadline?
			time-out.x: 1s                | time-out.x          | did you mean platform.sample.timeout?
			nothing-like-it-whatsoever: 1 | nothing-like-it-whatsoever | unknown key, and no known one is like it
			timeout: {unit: s}            | timeout.unit        | unknown key
			""")
	void othersAreRefused(String line, String key, String reason) {
		assertThat(check("platform.sample:\n  " + line)).singleElement().satisfies((problem) -> {
			assertThat(problem.line()).isEqualTo(2);
			assertThat(problem.key()).isEqualTo("platform.sample." + key);
			assertThat(problem.reason()).contains(reason);
		});
	}

	@Test
	void keysOfOthersNeedNotBeKnown() {
		assertThat(check("server.port: 1\norders.limits.max-lines: 1\nspring.config.activate.on-profile: dev"))
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "platform.smaple.timeout", "platform.samples.timeout", "platform.sample" })
	void aCapabilityThatLooksLikeAKnownOneIsAMistake(String key) {
		assertThat(check(key + ": 1s")).singleElement()
			.satisfies((problem) -> assertThat(problem.reason()).contains("unknown key"));
	}

	@Test
	void theConfigurationOfACapabilityMayComeBeforeItsFirstService() {
		assertThat(check("platform.jobs.interval: 1s\nplatform.simple-thing.x: 1")).isEmpty();
	}

	@Test
	void withoutACatalogueNoKeyIsUnknown() {
		assertThat(ConfigurationCheck.check(Samples.configuration("a.yml", "platform.x: 1"), null,
				KeyCatalogue.of(List.of()), Secrets.none()))
			.isEmpty();
	}

	@Test
	void aFileInForceCanOnlyBeDeletedWhenItWasEmptied() {
		Configuration with = Samples.configuration("a.yml", "x: 1", "b.yml", "x: 1");
		Configuration emptied = Samples.configuration("a.yml", "x: 1", "b.yml", "{}");
		Configuration without = Samples.configuration("a.yml", "x: 1");
		assertThat(check(without, with)).singleElement()
			.hasToString("b.yml: is gone, but in force: to do without it, leave it with the single line {} first,"
					+ " and delete it when that is released");
		assertThat(check(emptied, with)).isEmpty();
		assertThat(check(without, emptied)).isEmpty();
	}

	@Test
	void anEncryptedValueIsCheckedAsWhatItSays() {
		Secrets secrets = Secrets.ofKey(UUID.randomUUID().toString());
		Configuration right = Samples.configuration("a.yml",
				"platform.sample.timeout: '" + secrets.encrypt("2s") + "'");
		Configuration wrong = Samples.configuration("a.yml",
				"platform.sample.timeout: '" + secrets.encrypt("soon") + "'");
		assertThat(ConfigurationCheck.check(right, null, Samples.catalogue(), secrets)).isEmpty();
		assertThat(ConfigurationCheck.check(wrong, null, Samples.catalogue(), secrets)).singleElement()
			.satisfies((problem) -> assertThat(problem.reason()).contains("must be a duration"));
		assertThat(ConfigurationCheck.check(right, null, Samples.catalogue(), Secrets.none())).singleElement()
			.satisfies((problem) -> assertThat(problem.reason()).contains("ENCRYPT_KEY",
					"PLATFORM_CONFIG_SERVER_ENCRYPT_KEY_FILE"));
	}

	private static List<Problem> check(Configuration next, Configuration released) {
		return ConfigurationCheck.check(next, released, Samples.catalogue(), Secrets.none());
	}

	private static List<Problem> check(String text) {
		return ConfigurationCheck.check(Samples.configuration("a.yml", text), null, Samples.catalogue(),
				Secrets.none());
	}

}
