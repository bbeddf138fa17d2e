package com.example.configserver.content;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlaceholdersTests {

	@Test
	void eachValueThatCannotBeWrittenOutIsNamed() {
		Configuration configuration = Samples.configuration("a.yml", "a: ${b}\nb: ${a}\nc: ${d}\nd: x", "b.yml",
				"a: x");
		assertThat(Placeholders.check(configuration)).extracting((problem) -> problem.line() + ":" + problem.key())
			.containsExactly("1:a", "2:b");
	}

	@Test
	void ofAComputedNameEachKeyThatBeginsSoCounts() {
		String tooLong = "x".repeat(60_000);
		assertThat(Placeholders.check(Samples.configuration("a.properties",
				"url=${host.${region}}${host.${region}}\nhost.eu=x\nhost.us=" + tooLong + "\nhosts=y")))
			.singleElement()
			.satisfies((problem) -> assertThat(problem.key()).isEqualTo("url"));
	}

}
