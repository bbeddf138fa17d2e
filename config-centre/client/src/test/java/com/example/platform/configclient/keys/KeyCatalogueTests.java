package com.example.platform.configclient.keys;

import java.util.List;

import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.liveconfiguration.KeyNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class KeyCatalogueTests {

	private final KeyCatalogue catalogue = KeyCatalogue.of(
			List.of(key("platform.sample.max-size", "org.springframework.util.unit.DataSize"),
					key("platform.sample.pauses", "java.util.List<java.time.Duration>"),
					key("platform.sample.labels", "java.util.Map<java.lang.String,java.lang.String>"),
					key("platform.sample.weights", "java.util.Map<java.lang.String,java.lang.Integer>"),
					key("platform.sample.sizes.*", "java.lang.Integer"),
					key("platform.sample.rules", "java.util.List<com.example.Rule>"),
					key("platform.sample.services", "java.util.Map<java.lang.String,com.example.Service>"),
					key("platform.sample.services.*.policy", "java.lang.String"),
					key("platform.sample.services.*.deadline", "java.time.Duration"),
					key("deli.greeting", "java.lang.String"), key("deli.limits.most", "java.lang.Integer")),
			List.of("deli"));

	@ParameterizedTest
	@CsvSource({ "platform.sample.max-size, org.springframework.util.unit.DataSize",
			"platform.sample.maxSize, org.springframework.util.unit.DataSize",
			"PLATFORM.SAMPLE.MAX_SIZE, org.springframework.util.unit.DataSize",
			"platform.sample.pauses, java.util.List<java.time.Duration>",
			"platform.sample.pauses[3], java.time.Duration", "platform.sample.labels.a.b, java.lang.String",
			"platform.sample.weights.Any, java.lang.Integer", "platform.sample.weights[/path], java.lang.Integer",
			"platform.sample.sizes.a, java.lang.Integer", "platform.sample.sizes.a.b, java.lang.Integer",
			"platform.sample.services.user-service.deadline, java.time.Duration",
			"platform.sample.services[a.b].policy, java.lang.String",
			"platform.sample.rules[0].when.then, java.lang.Object" })
	void aKeyIsKnownInAllSpellingsAndPlaces(String name, String type) {
		assertThat(catalogue.find(name)).isNotNull().extracting(ConfigKey::type).isEqualTo(type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "platform", "platform.sample", "platform.sample.max-size.x", "platform.sample.max-size[0]",
			"platform.sample.sizes.a[0]", "platform.sample.services.x", "platform.sample.services.x.other",
			"platform.sample.services.x.policy.y", "other" })
	void othersAreUnknown(String name) {
		assertThat(catalogue.find(name)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "deli.greting", "deli", "platform", "platform.sample.x", "platform.smaple.max-size" })
	void isAMistake(String name) {
		assertThat(catalogue.isMistaken(KeyNames.of(name))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "shopping.cart", "server.port", "platform.jobs.interval" })
	void mayBeAKeyOfOthers(String name) {
		assertThat(catalogue.isMistaken(KeyNames.of(name))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "deli.greting, deli.greeting", "deli.limits.msot, deli.limits.most",
			"platform.sample.services.user-service.dedline, platform.sample.services.user-service.deadline",
			"platform.sample.services[a].polcy, platform.sample.services.a.policy" })
	void theNearestKeyIsWrittenOut(String name, String nearest) {
		assertThat(catalogue.nearest(name)).isEqualTo(nearest);
	}

	@Test
	void nothingIsNearWhatIsLikeNoKey() {
		assertThat(catalogue.nearest("nothing.like.any.key")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "platform.sample, true", "platform.sample.services.x, true", "PLATFORM.SAMPLE.services[0].x, true",
			"deli.limits, true", "deli.greeting, false", "other, false", "platform.sample.labels, false" })
	void aGroupHasKeysBelow(String name, boolean group) {
		assertThat(catalogue.isGroup(name)).isEqualTo(group);
	}

	@Test
	void aSingleValueHasNothingBelow() {
		assertThat(catalogue.singleAbove(KeyNames.of("deli.greeting.x[0].y"))).isEqualTo("deli.greeting");
		assertThat(catalogue.singleAbove(KeyNames.of("deli.limits.x"))).isNull();
	}

	private static ConfigKey key(String name, String type) {
		return new ConfigKey(name, type, null, true, null);
	}

}
