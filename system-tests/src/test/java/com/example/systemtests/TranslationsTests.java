package com.example.systemtests;

import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page and its Chinese translation say the same, as far as that can be told without
 * reading: both have the same headings, commands, links, names and figures.
 */
class TranslationsTests {

	private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

	private enum Part {

		HEADINGS((page) -> found("(?m)^#+ ", prose(page))),

		COMMANDS((page) -> BLOCK.matcher(page)
			.results()
			.filter((block) -> block.group(1).equals("sh"))
			.flatMap((block) -> block.group(2).lines())
			.map((line) -> line.replaceFirst("\\s+#.*", ""))
			.toList()),

		LINKS((page) -> found("(?<=\\]\\()[^)]*", page)),

		NAMES((page) -> found("`[^`\\n]+`", prose(page))),

		FIGURES((page) -> found("\\d+(\\.\\d+)?", prose(page).replaceAll("`[^`]*`", "").replace(",", "")));

		private final Function<String, List<String>> in;

		Part(Function<String, List<String>> in) {
			this.in = in;
		}

		private static String prose(String page) {
			return BLOCK.matcher(page).replaceAll("");
		}

		private static List<String> found(String pattern, String text) {
			return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
		}

	}

	static Stream<Arguments> pages() {
		return Stream.of("README", "docs/proofs")
			.flatMap((page) -> Stream.of(Part.values()).map((part) -> Arguments.of(page, part)));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void bothHaveTheSame(String page, Part part) {
		String english = Repository.read(Repository.path(page + ".md"));
		String chinese = Repository.read(Repository.path(page + ".zh-CN.md"));
		assertThat(part.in.apply(chinese.replace(".zh-CN", "")))
			.containsExactlyInAnyOrderElementsOf(part.in.apply(english.replace(".zh-CN", "")));
	}

}
