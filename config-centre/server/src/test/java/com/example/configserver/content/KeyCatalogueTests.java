package com.example.configserver.content;

import com.example.platform.configprotocol.ConfigKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class KeyCatalogueTests {

	private final KeyCatalogue catalogue = Samples.catalogue();

	@ParameterizedTest
	@CsvSource({ "platform.sample.max-size, org.springframework.util.unit.DataSize",
			"platform.sample.maxSize, org.springframework.util.unit.DataSize",
			"PLATFORM.SAMPLE.MAX_SIZE, org.springframework.util.unit.DataSize",
			"platform.sample.pauses, java.util.List<java.time.Duration>",
			"platform.sample.pauses[3], java.time.Duration", "platform.sample.labels.a.b, java.lang.String",
			"platform.sample.weights.Any, java.lang.Integer", "platform.sample.weights[/path], java.lang.Integer",
			"platform.sample.services.user-service.deadline, java.time.Duration",
			"platform.sample.services[a.b].policy, java.lang.String",
			"platform.sample.rules[0].when.then, java.lang.Object" })
	void aKeyIsKnownInAllSpellingsAndPlaces(String name, String type) {
		assertThat(catalogue.find(name)).isNotNull().extracting(ConfigKey::type).isEqualTo(type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "platform", "platform.sample", "platform.sample.max-size.x", "platform.sample.services.x",
			"platform.sample.services.x.other", "platform.sample.services.x.policy.y", "other" })
	void othersAreUnknown(String name) {
		assertThat(catalogue.find(name)).isNull();
	}

}
