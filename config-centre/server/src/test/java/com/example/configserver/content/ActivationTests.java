package com.example.configserver.content;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ActivationTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			spring.config.activate.on-profiles: prod            | did you mean spring.config.activate.on-profile?
			spring.config.activate.onProfiles: prod             | did you mean
			spring.config.activate.on-cloud-platform: kubernetes| did you mean
			SPRING.CONFIG.ACTIVATE.ON_PROFILES: prod            | did you mean
			spring.config.activate: prod                        | did you mean
			spring.config.activate.profile: prod                | did you mean
			spring.config.activate: [{on-profile: prod}]        | did you mean
			spring: [{config.activate.on-profile: prod}]        | did you mean
			spring.config.activate.on-profile: {name: prod}     | did you mean
			server.spring.config.activate.on-profile: prod      | did you mean
			spring.activate.on-profile: prod                    | did you mean
			on-profile: prod                                    | did you mean
			spring.config.activate.on-profile:                  | names no profile
			spring.config.activate.on-profile: ''               | names no profile
			spring.config.activate.on-profile: []               | names no profile
			spring.config.activate.on-profile: 'prod,'          | names no profile
			spring.config.activate.on-profile: ['']             | names no profile
			spring.config.activate.on-profile: ${PROFILE}       | may hold no placeholder
			spring.config.activate.on-profile: ${PROFILE:prod}  | may hold no placeholder
			spring.config.activate.on-profile: ~                | YAML reads this as nothing
			spring.config.activate.on-profile: prod dev         | must be profiles
			spring.config.activate.on-profile: (prod            | must be profiles
			spring.config.activate.on-profile: '!'              | must be profiles
			spring.config.activate.on-profile: '&'              | must be profiles
			spring.config.activate.on-profile: prod;dev         | must be profiles
			spring.config.activate.on-profile: '*'              | must be profiles
			""")
	void whatLooksLikeAConditionAndIsNotEvaluatedIsRefused(String line, String reason) {
		assertThatExceptionOfType(RefusedException.class)
			.isThrownBy(() -> Samples.configuration("a.yml", line + "\nx: 1"))
			.withMessageContaining("a.yml:1")
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "prod", "prod, dev", "[prod, dev]", "'!dev'", "prod & !dev", "(prod | eu) & !dev",
			"prod && !dev", "Prod.EU-1_a@b+c" })
	void profilesAndExpressionsAreEvaluated(String condition) {
		Configuration configuration = Samples.configuration("a.yml",
				"spring.config.activate.on-profile: " + condition + "\nx: 1");
		assertThat(configuration.documents(List.of("a"), List.of("prod", "Prod.EU-1_a@b+c"))).hasSize(1);
		assertThat(configuration.documents(List.of("a"), List.of("dev", "other")))
			.hasSize(condition.matches("[\\[]?prod, dev]?") ? 1 : 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a=1\n#---\n# for some\nspring.config.activate.on-profile=prod\nb=1",
			"a=1\n# ---\nspring.config.activate.on-profile=prod\nb=1",
			"a=1\n #---\nspring.config.activate.on-profile=prod\nb=1",
			"a=1\n# end\n#---\nspring.config.activate.on-profile=prod\nb=1" })
	void aSeparatorThatSpringBootDoesNotSeeIsRefused(String text) {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> Samples.configuration("a.properties", text))
			.withMessageContaining("separates no documents");
	}

	@Test
	void linesOfDashesAreComments() {
		assertThat(Samples.configuration("a.properties", "#------\n# a\n#------\na=1\n#---\nb=1").file("a.properties"))
			.isNotNull()
			.satisfies((file) -> assertThat(file.documents()).hasSize(2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.profiles: prod", "spring.profiles.active: prod", "spring.profiles.include: prod",
			"spring.profiles.group.a: b", "spring.profile: prod", "spring.config.import: x",
			"SPRING.PROFILES.ACTIVE: x", "spring.config.actvate.on-profile: prod" })
	void whatDecidesOnOtherFilesIsRefused(String line) {
		assertThat(Samples.problems(Samples.files("a.yml", line), null, Samples.catalogue(), Secrets.none()))
			.hasSize(1);
	}

}
