package com.example.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import com.example.launcher.process.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever builds a commit gets the same jars, byte by byte, with the same JDK. Builds two
 * clones of what is committed, in different folders, time zones and orders, which takes
 * minutes: only with {@code -Dreproducible.full=true}.
 */
@EnabledIfSystemProperty(named = "reproducible.full", matches = "true")
class ReproducibleBuildTests {

	@Test
	void twoBuildsOfACommitMakeTheSameJars(@TempDir Path folder) throws Exception {
		Map<String, Path> jars = build(folder.resolve("one"), Map.of("TZ", "UTC"), "-T2");
		Map<String, Path> others = build(folder.resolve("another clone"), Map.of("TZ", "Asia/Tokyo"), "-T1");
		assertThat(jars).hasSizeGreaterThan(20);
		assertThat(others).containsOnlyKeys(jars.keySet());
		Map<String, Set<String>> differences = new TreeMap<>();
		for (Map.Entry<String, Path> jar : jars.entrySet()) {
			Path other = others.get(jar.getKey());
			if (other != null && Files.mismatch(jar.getValue(), other) >= 0) {
				differences.put(jar.getKey(), differences(jar.getValue(), other));
			}
		}
		System.out.printf("reproducible: %d jars compared, %d differ%n", jars.size(), differences.size());
		assertThat(differences).isEmpty();
	}

	/** Builds a clone. */
	private static Map<String, Path> build(Path clone, Map<String, String> environment, String order)
			throws IOException, InterruptedException {
		Programs.run(List.of("git", "clone", "--quiet", Repository.ROOT.toString(), clone.toString()));
		OfflineMaven.Result built = new OfflineMaven(clone).run(environment, order, "package",
				"-Dmaven.test.skip=true");
		assertThat(built.exitCode()).as(built.output()).isZero();
		Map<String, Path> jars = new TreeMap<>();
		try (Stream<Path> files = Files.walk(clone)) {
			files.filter((file) -> file.toString().matches(".*[/\\\\]target[/\\\\][^/\\\\]+\\.jar"))
				.forEach((jar) -> jars.put(clone.relativize(jar).toString(), jar));
		}
		return jars;
	}

	/** Names of the entries that differ; when none does, their order or times do. */
	private static Set<String> differences(Path jar, Path other) throws Exception {
		Set<String> all = new TreeSet<>(entries(jar));
		Set<String> same = entries(other);
		Set<String> both = new TreeSet<>(all);
		both.retainAll(same);
		all.addAll(same);
		all.removeAll(both);
		return all.isEmpty() ? Set.of("only the order of entries, or what the archive says of them") : all;
	}

	private static Set<String> entries(Path jar) throws Exception {
		Set<String> entries = new TreeSet<>();
		try (InputStream file = Files.newInputStream(jar); ZipInputStream zip = new ZipInputStream(file)) {
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				byte[] digest = MessageDigest.getInstance("SHA-256").digest(zip.readAllBytes());
				entries.add("%s %s %s".formatted(entry.getName(), entry.getTimeLocal(),
						HexFormat.of().formatHex(digest, 0, 6)));
			}
		}
		return entries;
	}

}
