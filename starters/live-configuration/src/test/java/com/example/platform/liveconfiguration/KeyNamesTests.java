package com.example.platform.liveconfiguration;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class KeyNamesTests {

	@Test
	void aKeyIsComparedInKebabCase() {
		assertThat(List.of("shop.maxLines", "shop.max_lines", "shop.max-lines", "SHOP.MAX_LINES"))
			.allSatisfy((key) -> assertThat(KeyNames.canonical(key)).isEqualTo("shop.max-lines"));
		assertThat(KeyNames.canonical("a.http2Port[0].some[B_c.dE]")).isEqualTo("a.http2-port[0].some[B_c.dE]");
	}

	@Test
	void dashesMatterWithinBracketsAlone() {
		assertThat(KeyNames.uniform("shop.max-lines")).isEqualTo("shop.maxlines");
		assertThat(KeyNames.uniform("a-b[c-d].e-f[0].g-h")).isEqualTo("ab[c-d].ef[0].gh");
	}

	@ParameterizedTest
	@CsvSource({ "shop.max-lines, shop, true", "shop, shop, true", "shop[0], shop, true", "sh-op.x, shop, true",
			"shopping.x, shop, false", "shop, shop.x, false", "any.thing, '', true" })
	void aKeyIsBelowItsPrefix(String key, String prefix, boolean below) {
		assertThat(KeyNames.isBelow(key, prefix)).isEqualTo(below);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a-b", "aB.c_d", "a.b[0].c", "[x/y]", "a[/api/{id:[0-9]+}].b", "a.CheckEligibility.b",
			"logging.level[com.example]" })
	void isAPropertyName(String name) {
		assertThat(KeyNames.isComplete(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", ".", ".a", "a.", "a..b", "a b", "a/b", "ä", "-", "a[", "a]", "a[]", "a[0]b", "!", "a:b" })
	void isNoPropertyName(String name) {
		assertThat(KeyNames.isComplete(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "logging.level.root", "LOGGING.level[com.example]", "logging.level.com.example" })
	void setsTheLevelOfALogger(String name) {
		assertThat(KeyNames.isLogLevel(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "logging.level", "logging.levels.root", "level.root" })
	void setsNoLevelOfALogger(String name) {
		assertThat(KeyNames.isLogLevel(name)).isFalse();
	}

}
