package com.example.configserver.content;

import java.util.List;
import java.util.UUID;

import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.Problem;
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
			time-out.x: 1s                | time-out.x          | platform.sample.time-out must be a single value
			nothing-like-it-whatsoever: 1 | nothing-like-it-whatsoever | unknown key, and no known one is like it
			timeout: {unit: s}            | timeout.unit        | platform.sample.timeout must be a single value
			""")
	void othersAreRefused(String line, String key, String reason) {
		assertThat(check("platform.sample:\n  " + line)).singleElement().satisfies((problem) -> {
			assertThat(problem.line()).isEqualTo(2);
			assertThat(problem.key()).isEqualTo("platform.sample." + key);
			assertThat(problem.reason()).contains(reason);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "greeting: 0123", "greeting: 12:30", "greeting: 1.10", "greeting: 'yes'", "greeting: ''",
			"greeting: 2024-01-01", "open: yes", "open: OFF", "names: [a, 010]", "names: a,b", "names: []",
			"limits: {most: 1}", "limits:", "limits.most: 08" })
	void textsOfRecordsAreAccepted(String line) {
		assertThat(check("deli:\n  " + line)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			greeting: yes      | greeting    | put it in quotes
			greeting: Off      | greeting    | put it in quotes
			greeting: [a, b]   | greeting[0] | deli.greeting must be a single value
			greeting: {a: b}   | greeting.a  | deli.greeting must be a single value
			greeting: []       | greeting    | must be a single value
			greeting: {}       | greeting    | must be a single value
			greting: hello     | greting     | did you mean deli.greeting?
			Greting: hello     | Greting     | did you mean deli.greeting?
			limits.mst: 1      | limits.mst  | did you mean deli.limits.most?
			limits: 5          | limits      | has no value of its own
			limits.most: 010   | limits.most | take the 0 away
			limits.most: 1_000 | limits.most | must be a whole number
			limits.most: 12:30 | limits.most | must be a whole number
			limits.most: 1e3   | limits.most | must be a whole number
			limits.most: [1]   | limits.most[0] | deli.limits.most must be a single value
			names: [yes]       | names[0]    | put it in quotes
			open: [true]       | open[0]     | deli.open must be a single value
			something: else    | something   | unknown key
			""")
	void whatWouldVanishOrChangeOnTheWayIsRefused(String line, String key, String reason) {
		assertThat(check("deli:\n  " + line)).first().satisfies((problem) -> {
			assertThat(problem.line()).isEqualTo(2);
			assertThat(problem.key()).isEqualTo("deli." + key);
			assertThat(problem.reason()).contains(reason);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "x: yes", "x: [no]", "x: 010", "x.on: ON" })
	void whatCanBeReadInTwoWaysIsRefusedWhereNobodyTellsTheType(String line) {
		assertThat(check(line)).singleElement()
			.satisfies((problem) -> assertThat(problem.reason()).contains("put it in quotes"));
		assertThat(check(line.replaceFirst("(yes|no|010|ON)", "'$1'"))).isEmpty();
	}

	@Test
	void theLevelOffIsNoTruthValue() {
		assertThat(check("logging.level:\n  com.example: off\n  a: DEBUG\n  b: ${LEVEL}\n  c: 'false'")).isEmpty();
		assertThat(check("logging.level.a: loud")).singleElement()
			.satisfies((problem) -> assertThat(problem.reason()).contains("one of trace, debug"));
		assertThat(Samples.configuration("a.yml", "logging.level.x: off\ndeli.open: off").effective("a").values())
			.extracting(Setting::value)
			.containsExactly("off", "false");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a: ${a}", "a: ${b}\nb: ${a}", "a: ${b}\nb: x${c:y}\nc: ${a}", "a: ${A}", "a.b-c: ${a.bC}",
			"a: ${b:${a}}" })
	void aValueThatRefersToItselfIsRefused(String text) {
		assertThat(check(text)).isNotEmpty()
			.allSatisfy((problem) -> assertThat(problem.reason()).contains("refers to itself"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a: ${b}\nb: x", "a: ${NO_SUCH_KEY}", "a: \\${a}", "a: $a", "a: ${b.${c}}\nb.x: y\nc: x",
			"a.x: ${a.${c}}\na.y: z\nc: y", "a: ${b}${b}\nb: ${c}${c}\nc: x" })
	void otherReferencesAreTheInstancesBusiness(String text) {
		assertThat(check(text)).isEmpty();
	}

	@Test
	void placeholdersThatStandForGigabytesAreRefused() {
		StringBuilder text = new StringBuilder("a0: 0123456789\n");
		for (int i = 1; i < 30; i++) {
			text.append("a%d: ${a%d}${a%d}%n".formatted(i, i - 1, i - 1));
		}
		assertThat(check(text.toString())).first()
			.satisfies((problem) -> assertThat(problem.reason()).contains("100000 characters"));
		StringBuilder chain = new StringBuilder("a0: x\n");
		for (int i = 1; i < 5000; i++) {
			chain.append("a%d: ${a%d}%n".formatted(i, i + 1));
		}
		assertThat(check(chain.toString())).first()
			.satisfies((problem) -> assertThat(problem.reason()).contains("leads through more than 30"));
		assertThat(check("a: " + "${b:".repeat(1000) + "x" + "}".repeat(1000))).first()
			.satisfies((problem) -> assertThat(problem.reason()).contains("nested"));
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
				KeyCatalogue.of(List.of(), List.of()), Secrets.none()))
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
