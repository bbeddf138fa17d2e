package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class LinksTests {

	private static final Pattern LINK = Pattern.compile("\\]\\((?!https?://|#)([^)#]+)");

	static List<Path> pages() throws IOException {
		try (Stream<Path> files = Files.walk(Repository.ROOT)) {
			return files.filter((file) -> file.toString().endsWith(".md"))
				.filter((file) -> !Repository.ROOT.relativize(file)
					.toString()
					.replace('\\', '/')
					.matches("(.*/)?(target|\\.dev)/.*"))
				.toList();
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void whatAPageLinksToIsThere(Path page) {
		assertThat(LINK.matcher(Repository.read(page)).results().map((link) -> page.resolveSibling(link.group(1))))
			.allMatch(Files::exists);
	}

}
