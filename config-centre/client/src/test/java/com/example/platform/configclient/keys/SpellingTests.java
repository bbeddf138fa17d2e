package com.example.platform.configclient.keys;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SpellingTests {

	@ParameterizedTest
	@CsvSource({ "kitten, sitting, 3", "same, same, 0", "'', abc, 3", "abc, '', 3", "ab, ba, 2" })
	void countsMistakes(String one, String other, int distance) {
		assertThat(Spelling.distance(one, other)).isEqualTo(distance);
	}

	@Test
	void theFirstOfThoseWithTheFewestMistakesIsNearest() {
		assertThat(Spelling.nearest("port", List.of("host", "post", "part"))).contains("post");
		assertThat(Spelling.nearest("port", List.of())).isEmpty();
	}

}
