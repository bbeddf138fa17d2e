package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The picture of the modules in {@code docs/map.md} is that of the build. With
 * {@code -Dmap.write=true} it is drawn anew.
 */
class CodeMapTests {

	private static final Path MAP = Repository.path("docs/map.md");

	@Test
	void thePictureIsThatOfTheBuild() throws IOException {
		String page = Repository.read(MAP);
		String drawn = Repository.modules().drawnIn(page);
		if (Boolean.getBoolean("map.write")) {
			Files.writeString(MAP, drawn);
		}
		else {
			assertThat(page).isEqualTo(drawn);
		}
	}

}
