package com.example.systemtests;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The root pom is the only place with versions.
 */
class VersionsTests {

	@Test
	void aModuleNamesNoVersionButItsParents() {
		List<Path> modules = Repository.read(Repository.path("pom.xml"))
			.lines()
			.filter((line) -> line.contains("<module>"))
			.map((line) -> Repository.path(line.strip().replaceAll("</?module>", "") + "/pom.xml"))
			.toList();
		assertThat(modules).isNotEmpty().allSatisfy((pom) -> {
			String own = Repository.read(pom).replaceFirst("(?s)<parent>.*?</parent>", "");
			assertThat(own).doesNotContainPattern("<version>[^$]");
		});
	}

}
