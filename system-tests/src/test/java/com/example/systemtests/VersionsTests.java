package com.example.systemtests;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The root pom is the only place with versions of what Maven fetches.
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

	@Test
	void theWrapperFetchesTheSameMavenFromAMirror() {
		String address = Repository.read(Repository.path(".mvn/wrapper/maven-wrapper.properties"))
			.replaceFirst("(?s).*distributionUrl=(\\S+).*", "$1");
		String file = address.substring(address.lastIndexOf('/'));
		String version = file.replaceFirst("/apache-maven-(.+)-bin\\.zip", "$1");
		assertThat(address).matches("https://[^#]+" + Pattern.quote(file) + "#"
				+ Pattern.quote("/org/apache/maven/apache-maven/" + version + file));
	}

}
