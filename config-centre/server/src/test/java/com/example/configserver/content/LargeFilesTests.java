package com.example.configserver.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files that stand for more than a server can hold are refused before that is made, and
 * the largest that is accepted fits: all of it in a JVM with half the heap that
 * {@code ./dev up} gives a server, which ends when that is not enough.
 */
class LargeFilesTests {

	@Test
	void nothingTakesMoreMemoryThanAConfigServerHas() throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx64m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-cp",
				System.getProperty("java.class.path"), LargeFilesTests.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		assertThat(output.lines().filter((line) -> line.startsWith("in "))).as(output)
			.hasSize(refused().size() + accepted().size());
	}

	/** Reads all of it, and says how long each took. */
	public static void main(String[] arguments) {
		refused().forEach((name, text) -> time(name, () -> {
			List<?> problems = Samples.problems(text.get(), null, Samples.catalogue(), Secrets.none());
			if (problems.isEmpty() || problems.size() > RefusedException.MOST) {
				throw new AssertionError(name + ": " + problems);
			}
			return problems.get(0).toString();
		}));
		accepted().forEach((name, text) -> time(name, () -> {
			Configuration first = Configuration.parse(text.get());
			Configuration second = Configuration.parse(text.get());
			List<?> problems = ConfigurationCheck.check(second, first, Samples.catalogue(), Secrets.none());
			if (!problems.isEmpty()) {
				throw new AssertionError(name + ": " + problems);
			}
			return Difference.ofService(first, second, "a").size() + " differences, weight " + first.weight();
		}));
	}

	private static void time(String name, Supplier<String> action) {
		long start = System.nanoTime();
		String result = action.get();
		print("in %d ms %s: %s%n".formatted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), name, result));
	}

	@SuppressWarnings("SystemOut") // the other process reads it
	private static void print(String text) {
		System.out.print(text);
	}

	private static Map<String, Supplier<SortedMap<String, byte[]>>> refused() {
		Map<String, Supplier<SortedMap<String, byte[]>>> files = new LinkedHashMap<>();
		files.put("six lists of nine aliases", yaml(bomb(6, 9)));
		files.put("forty lists of two aliases", yaml(bomb(40, 2)));
		files.put("maps of aliases", yaml("a0: &a0 {x: 1}\n" + lines(1, 9,
				(i) -> "a" + i + ": &a" + i + " {" + times(9, (j) -> "k" + j + ": *a" + (i - 1) + ",") + "}")));
		files.put("merged maps", yaml("a0: &a0 {x: 1}\n" + lines(1, 30,
				(i) -> "a" + i + ": &a" + i + " {<<: *a" + (i - 1) + ", k" + i + ": *a" + (i - 1) + "}")));
		files.put("aliases of a long text", yaml("a: &a " + "x".repeat(100_000) + "\nb: [" + "*a,".repeat(300) + "]"));
		files.put("aliases of a text with a long key", yaml("a: &a {" + "k".repeat(900) + ": {" + "l".repeat(90)
				+ ": 1}}\n" + lines(1, 9_000, (i) -> "b" + i + ": *a")));
		files.put("itself", yaml("a: &a {b: *a}"));
		files.put("a list with itself", yaml("a: &a [*a, *a]"));
		files.put("many elements", yaml("a: [" + "1,".repeat(500_000) + "]"));
		files.put("many lines", yaml("a:\n" + "- 1\n".repeat(250_000)));
		files.put("many keys", yaml(lines(0, 100_000, (i) -> "k" + i + ": 1")));
		files.put("many empty lists", yaml("a: [" + "[],".repeat(300_000) + "]"));
		files.put("many documents", yaml("---\n".repeat(250_000)));
		files.put("many documents with a key", yaml("---\na: 1\n".repeat(90_000)));
		files.put("many anchors", yaml(lines(0, 60_000, (i) -> "- &a" + i + " x")));
		files.put("deep", yaml("a: " + "[".repeat(1_000_000)));
		files.put("deep in lines", yaml(lines(0, 1_000, (i) -> " ".repeat(i) + "a:")));
		files.put("deep in one key", yaml("a.".repeat(490) + "a: 1"));
		files.put("deep keys", yaml("? ".repeat(500_000) + "a"));
		files.put("a long key", yaml("? " + "a".repeat(1_000_000) + "\n: 1"));
		files.put("unknown keys",
				yaml("platform.sample:\n" + lines(0, 15_000, (i) -> "  k" + "x".repeat(40) + i + ": 1")));
		files.put("keys in two spellings", yaml(lines(0, 9_000, (i) -> "k" + i + "-a: 1\nk" + i + "A: 1")));
		files.put("properties: many keys", properties(lines(0, 80_000, (i) -> "k" + i + "=1")));
		files.put("properties: many elements", properties("a[]=" + "1,".repeat(500_000)));
		files.put("properties: deep", properties("a[0].b".repeat(100) + "=1"));
		files.put("properties: deep names", properties("a.".repeat(490) + "a=1"));
		files.put("properties: a long key", properties("a".repeat(1_000_000) + "=1"));
		files.put("properties: many documents", properties("a=1\n#---\n".repeat(100_000)));
		files.put("properties: a condition with an index",
				properties("spring.config.activate.on-profile[2000000000]=\na=1"));
		files.put("placeholders", properties("a0=" + "x".repeat(1000) + "\n"
				+ lines(1, 60, (i) -> "a" + i + "=" + ("${a" + (i - 1) + "}").repeat(10))));
		files.put("a chain of placeholders", properties(lines(0, 10_000, (i) -> "a" + i + "=${a" + (i + 1) + "}")));
		files.put("computed placeholders",
				properties(lines(0, 5_000, (i) -> "a" + i + "=${a${b}}${a${b}}") + "a=" + "${".repeat(100_000)));
		files.put("brackets in a condition", properties(
				"spring.config.activate.on-profile=" + "(".repeat(10_000) + "a" + ")".repeat(10_000) + "\na=1"));
		files.put("negations in a condition",
				properties("spring.config.activate.on-profile=" + "!".repeat(20_000) + "a\na=1"));
		files.put("aliases of a mapping with mistakes",
				yaml("m: &m {" + "a: 1,".repeat(10_000) + "}\nl: [" + "*m,".repeat(9_000) + "]"));
		files.put("elements with a bad key", properties("a\\ b[]=" + "1,".repeat(500_000)));
		files.put("placeholders that may mean any key",
				properties(lines(0, 19_000, (i) -> "k" + i + "=1") + "\nx=" + "${${x}}".repeat(125_000)));
		files.put("large files together", () -> {
			SortedMap<String, byte[]> many = new TreeMap<>();
			for (int i = 0; i < 5; i++) {
				many.put("f" + i + ".yml", ("a: " + "x".repeat(1024 * 1024 - 10)).getBytes(StandardCharsets.UTF_8));
			}
			return many;
		});
		files.put("many files", () -> {
			SortedMap<String, byte[]> many = new TreeMap<>();
			for (int i = 0; i <= 1000; i++) {
				many.put("f" + i + ".yml", "a: 1".getBytes(StandardCharsets.UTF_8));
			}
			return many;
		});
		return files;
	}

	private static Map<String, Supplier<SortedMap<String, byte[]>>> accepted() {
		return Map.of("many values", yaml(lines(0, Reading.MOST_VALUES, (i) -> "k" + i + "-with-a-name: value " + i)),
				"a long text", yaml("a: " + "x".repeat(1_000_000)), "an index",
				properties("a[2000000000]=x\nb[2147483648].c=x"), "many elements",
				yaml("a: [" + times(Reading.MOST_VALUES - 1, (i) -> i + ",") + "]"));
	}

	private static String bomb(int levels, int width) {
		return "a0: &a0 [x]\n" + lines(1, levels + 1,
				(i) -> "a" + i + ": &a" + i + " [" + times(width, (j) -> "*a" + (i - 1) + ",") + "]");
	}

	private static Supplier<SortedMap<String, byte[]>> yaml(String text) {
		return () -> Samples.files("a.yml", text);
	}

	private static Supplier<SortedMap<String, byte[]>> properties(String text) {
		return () -> Samples.files("a.properties", text);
	}

	private static String lines(int from, int to, IntFunction<String> line) {
		return IntStream.range(from, to).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
	}

	private static String times(int count, IntFunction<String> part) {
		return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
	}

}
