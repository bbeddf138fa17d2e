package com.example.systemtests;

import java.util.List;
import java.util.Map;
import java.util.Objects;
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

	private static final Map<String, Function<String, List<String>>> PARTS = Map.of("headings",
			(page) -> found("(?m)^#+ ", prose(page)), "commands", TranslationsTests::commands, "links",
			(page) -> found("(?<=\\]\\()[^)]*", page), "names", (page) -> found("`[^`\\n]+`", prose(page)), "figures",
			(page) -> found("\\d+(\\.\\d+)?", prose(page).replaceAll("`[^`]*`", "").replace(",", "")));

	static Stream<Arguments> pages() {
		return Stream
			.of("README", "docs/proofs", "docs/tutorial", "docs/recipes", "docs/failures", "docs/lessons",
					"docs/glossary")
			.flatMap((page) -> PARTS.keySet().stream().sorted().map((part) -> Arguments.of(page, part)));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void bothHaveTheSame(String page, String part) {
		Function<String, List<String>> found = Objects.requireNonNull(PARTS.get(part));
		assertThat(found.apply(page(page + ".zh-CN.md")))
			.containsExactlyInAnyOrderElementsOf(found.apply(page(page + ".md")));
	}

	// What differs are the links to pages of the same language.
	private static String page(String name) {
		return Repository.read(Repository.path(name)).replace(".zh-CN", "");
	}

	private static List<String> commands(String page) {
		return BLOCK.matcher(page)
			.results()
			.filter((block) -> block.group(1).equals("sh"))
			.flatMap((block) -> block.group(2).lines())
			.map((line) -> line.replaceFirst("\\s+#.*", ""))
			.toList();
	}

	private static String prose(String page) {
		return BLOCK.matcher(page).replaceAll("");
	}

	private static List<String> found(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
	}

}
