package com.example.systemtests;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page and its Chinese translation say the same, as far as that can be told without
 * reading: both have the same headings, commands, links, names and figures.
 */
class TranslationsTests {

	private static final String TRANSLATED = ".zh-CN.md";

	private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

	// What is run, and what it prints.
	private static final Pattern STEP = Pattern.compile("```sh\\n(.*?)```(?:\\n```\\w*\\n(.*?)```)?", Pattern.DOTALL);

	private static final Map<String, Function<String, List<String>>> PARTS = Map.of("headings",
			(page) -> found("(?m)^#+ ", prose(page)), "links", (page) -> found("(?<=\\]\\()[^)]*", page), "names",
			(page) -> found("`[^`\\n]+`", prose(page)), "figures",
			(page) -> found("\\d+(\\.\\d+)?", prose(page).replaceAll("`[^`]*`", "").replace(",", "")));

	static List<String> pages() {
		return Repository.pages()
			.stream()
			.filter((file) -> file.endsWith(TRANSLATED))
			.map((file) -> file.substring(0, file.length() - TRANSLATED.length()))
			.toList();
	}

	static Stream<Arguments> parts() {
		return pages().stream()
			.flatMap((page) -> PARTS.keySet().stream().sorted().map((part) -> Arguments.of(page, part)));
	}

	@Test
	void whatAStudentReadsIsTranslated() {
		assertThat(pages())
			.contains("README", "docs/tutorial", "docs/recipes", "docs/failures", "docs/lessons", "docs/glossary",
					"docs/proofs", "gateway/README")
			.containsAll(Repository.pages()
				.stream()
				.filter((file) -> file.matches("(services|starters|config-centre)/.*README\\.md"))
				.map((file) -> file.replaceFirst("\\.md$", ""))
				.toList());
	}

	@ParameterizedTest
	@MethodSource("pages")
	void theStepsAreTheSame(String page) {
		assertThat(steps(page(page + TRANSLATED))).isEqualTo(steps(page(page + ".md")));
	}

	@ParameterizedTest
	@MethodSource("parts")
	void bothHaveTheSame(String page, String part) {
		Function<String, List<String>> found = Objects.requireNonNull(PARTS.get(part));
		assertThat(found.apply(page(page + TRANSLATED)))
			.containsExactlyInAnyOrderElementsOf(found.apply(page(page + ".md")));
	}

	// What differs are the links to pages of the same language.
	private static String page(String name) {
		return Repository.read(Repository.path(name)).replace(".zh-CN", "");
	}

	private static List<String> steps(String page) {
		return STEP.matcher(page)
			.results()
			.flatMap((step) -> Stream.concat(step.group(1).lines().map((line) -> line.replaceFirst("\\s+#.*", "")),
					Objects.requireNonNullElse(step.group(2), "").lines()))
			.toList();
	}

	private static String prose(String page) {
		return BLOCK.matcher(page).replaceAll("");
	}

	private static List<String> found(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
	}

}
