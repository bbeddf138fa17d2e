package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything here is read, copied and owned by those who clone it: no class and no
 * package is larger than one can hold in the head. Prints the lines of each module.
 */
class ProportionTests {

	private static final int MOST_LINES = 350;

	private static final int MOST_CLASSES = 20;

	@Test
	void noClassIsTooLong() throws IOException {
		assertThat(sources().filter((file) -> lines(file) > MOST_LINES)).isEmpty();
	}

	@Test
	void noPackageHasTooManyClasses() throws IOException {
		Map<Path, Long> packages = sources().filter((file) -> !file.endsWith("package-info.java"))
			.collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
		assertThat(packages).allSatisfy((folder, classes) -> assertThat(classes).isLessThanOrEqualTo(MOST_CLASSES));
	}

	@Test
	void theLinesOfEachModuleAreTold() throws IOException {
		Map<String, Integer> lines = sources().collect(Collectors.groupingBy(ProportionTests::module, TreeMap::new,
				Collectors.summingInt(ProportionTests::lines)));
		lines.forEach((module, count) -> System.out.printf("%6d  %s%n", count, module));
		System.out.printf("%6d  all%n", lines.values().stream().mapToInt(Integer::intValue).sum());
		assertThat(lines).containsKeys("gateway", "services/user-service");
	}

	private static Stream<Path> sources() throws IOException {
		try (Stream<Path> files = Files.walk(Repository.ROOT)) {
			List<Path> sources = files.filter((file) -> file.toString().endsWith(".java"))
				.filter((file) -> relative(file).contains("/src/main/") && !relative(file).contains("/target/"))
				.toList();
			return sources.stream();
		}
	}

	private static String relative(Path file) {
		return Repository.ROOT.relativize(file).toString().replace('\\', '/');
	}

	private static String module(Path file) {
		return relative(file).replaceFirst("/src/main/.*", "");
	}

	private static int lines(Path file) {
		return (int) Repository.read(file).lines().count();
	}

}
