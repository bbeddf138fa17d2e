package com.example.configserver.content;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Breaks a correct file in each way, at random places: it is refused, the message leads
 * to the place, and no value of the file is in it.
 */
class BrokenFilesTests {

	private static final int SEEDS = 12;

	private static final String FILE = "order-service.yml";

	private static final List<Damage> DAMAGES = List.of(

			new Damage("indented", (sample) -> {
				int line = sample.secondText();
				sample.lines.set(line, " " + sample.lines.get(line));
				return new Expected(line + 1, null, "no valid YAML: mapping values are not allowed here");
			}),

			new Damage("tab", (sample) -> {
				int line = sample.group();
				sample.lines.set(line, "\t" + sample.lines.get(line).strip());
				return new Expected(line + 1, null, "use spaces instead of tabs");
			}),

			new Damage("double quote unclosed", (sample) -> sample.replaceValue("\"", "unexpected end of stream")),

			new Damage("single quote unclosed", (sample) -> sample.replaceValue("'", "unexpected end of stream")),

			new Damage("bracket unclosed", (sample) -> sample.replaceValue("[a, ", "expected ',' or ']'")),

			new Damage("brace unclosed", (sample) -> sample.replaceValue("{a: ", "expected ',' or '}'")),

			new Damage("alias", (sample) -> sample.replaceValue("*", "begins with *")),

			new Damage("tag", (sample) -> sample.replaceValue("!", "begins with !")),

			new Damage("global tag", (sample) -> sample.replaceValue("!!java.net.URL ", "begins with !")),

			new Damage("at", (sample) -> sample.replaceValue("@", "begins with a special character")),

			new Damage("percent", (sample) -> sample.replaceValue("%", "begins with a special character")),

			new Damage("escape", (sample) -> sample.replaceValue("\"\\q\" # ", "escape in double quotes")),

			new Damage("bare cipher",
					(sample) -> sample.replaceValue("{cipher}", "put a value that begins with {cipher} in quotes")),

			new Damage("no space", (sample) -> {
				int line = sample.firstText();
				sample.lines.set(line, sample.lines.get(line).replace(": ", ":"));
				// The parser takes the line for the beginning of a text.
				return new Expected(line + 2, null, "put a space behind the colon there");
			}),

			new Damage("duplicate", (sample) -> {
				int line = sample.firstText();
				sample.lines.add(line + 1, sample.nameIn(line) + ": " + sample.value());
				return new Expected(line + 2, sample.keyIn(line), "stands twice");
			}),

			new Damage("other spelling", (sample) -> {
				int line = sample.firstText();
				String spelled = sample.spell(sample.keyIn(line));
				sample.lines.add(spelled + ": " + sample.value());
				return new Expected(sample.lines.size(), spelled,
						"is another spelling of " + sample.keyIn(line) + " in line " + (line + 1));
			}),

			new Damage("full name", (sample) -> {
				int line = sample.firstText();
				sample.lines.add(sample.keyIn(line) + ": " + sample.value());
				return new Expected(sample.lines.size(), sample.keyIn(line),
						"is the same key as in line " + (line + 1));
			}),

			new Damage("no duration", (sample) -> sample.replaceSample("timeout", "must be a duration")),

			new Damage("no size", (sample) -> sample.replaceSample("max-size", "must be a size")),

			new Damage("no boolean", (sample) -> sample.replaceSample("enabled", "must be true or false")),

			new Damage("no number", (sample) -> sample.replaceSample("lines", "must be a whole number")),

			new Damage("unknown key", (sample) -> {
				int line = sample.find("timeout");
				sample.lines.set(line, "    tmieout: " + sample.value());
				return new Expected(line + 1, "platform.sample.tmieout",
						"unknown key; did you mean platform.sample.timeout?");
			}),

			new Damage("damaged cipher", (sample) -> {
				int line = sample.firstText();
				String key = sample.keyIn(line);
				String cipher = sample.secrets.encrypt(sample.value()).replaceFirst("\\w{6}$", "");
				sample.values.add(cipher);
				sample.lines.set(line, sample.nameIn(line) + ": '" + cipher + "'");
				return new Expected(line + 1, key, "was encrypted with another key, or is damaged");
			}),

			new Damage("denied", (sample) -> {
				List<String> denied = List.of("spring.config.import", "spring.config.location",
						"spring.profiles.active", "spring.profiles.include[0]", "spring.application.name",
						"spring.cloud.config.uri", "spring.config.additional-location", "spring.profiles.default",
						"SPRING.cloud.config.failFast");
				String key = denied.get(sample.random.nextInt(denied.size()));
				sample.lines.add(key + ": " + sample.value());
				return new Expected(sample.lines.size(), key, "the service's own application.yml");
			}),

			new Damage("no name", (sample) -> {
				sample.lines.add("a " + sample.value() + ": 1");
				return new Expected(sample.lines.size(), null, "is no property name");
			}),

			new Damage("boolean name", (sample) -> {
				sample.lines.add("on: " + sample.value());
				return new Expected(sample.lines.size(), null, "put it in quotes");
			}),

			new Damage("mapping name", (sample) -> {
				sample.lines.add("{" + sample.value() + ": 1}: 2");
				return new Expected(sample.lines.size(), null, "a key must be a name");
			}),

			new Damage("list", (sample) -> {
				sample.lines.replaceAll((line) -> "- " + sample.value());
				return new Expected(1, null, "must consist of keys");
			}),

			new Damage("text", (sample) -> sample.replaceAll(sample.value(), 1, "must consist of keys")),

			new Damage("empty", (sample) -> sample.replaceAll("", null, "with the single line {}")),

			new Damage("comments", (sample) -> {
				sample.lines.replaceAll((line) -> "# " + line);
				return new Expected(null, null, "with the single line {}");
			}),

			new Damage("separator", (sample) -> sample.replaceAll("---\n", null, "with the single line {}")),

			new Damage("deleted", (sample) -> {
				sample.deleted = true;
				return new Expected(null, null, "leave it with the single line {} first");
			}),

			new Damage("huge", (sample) -> {
				String text = sample.value().repeat(5 * 1024 * 1024 / 20);
				return sample.replaceAll(text.substring(0, 1024 * 1024 + 1), null, "longer than 1 MiB");
			}),

			new Damage("random bytes", (sample) -> {
				sample.bytes = new byte[1 + sample.random.nextInt(500)];
				sample.random.nextBytes(sample.bytes);
				// In no UTF-8 text.
				sample.bytes[0] = (byte) 0xff;
				return new Expected(1, null, "is binary");
			}),

			new Damage("control character", (sample) -> {
				int line = sample.firstText();
				List<String> characters = List.of("\0", "\u0007", "\u001b", "\u007f", "\u0085", "\uffff");
				sample.lines.set(line,
						sample.lines.get(line) + characters.get(sample.random.nextInt(characters.size())));
				return new Expected(line + 1, null, "is binary");
			}),

			new Damage("cut in a character", (sample) -> {
				byte[] text = String.join("\n", sample.lines).concat("ä").getBytes(StandardCharsets.UTF_8);
				sample.bytes = Arrays.copyOf(text, text.length - 1);
				return new Expected(sample.lines.size(), null, "is binary");
			}),

			new Damage("alias bomb", (sample) -> {
				StringBuilder bomb = new StringBuilder("a0: &a0 [" + sample.value() + "]\n");
				for (int i = 1; i < 20; i++) {
					bomb.append(
							"a%d: &a%d [%s]%n".formatted(i, i, "*a" + (i - 1) + ", ".concat("*a" + (i - 1)).repeat(9)));
				}
				return sample.replaceAll(bomb.toString(), null, "more than 20000 values");
			}),

			// Few enough aliases, but each of the 5 levels is 10 times as large.
			new Damage("small alias bomb", (sample) -> {
				StringBuilder bomb = new StringBuilder("a0: &a0 [" + sample.value().repeat(50) + "]\n");
				for (int i = 1; i <= 5; i++) {
					bomb.append("a%d: &a%d [%s]%n".formatted(i, i, "*a" + (i - 1) + (", *a" + (i - 1)).repeat(9)));
				}
				return sample.replaceAll(bomb.toString(), null, "2 Mi characters");
			}),

			new Damage("aliases of a text",
					(sample) -> sample.replaceAll(
							"a: &a " + sample.value().repeat(10_000) + "\nb: [" + "*a, ".repeat(10_000) + "]", null,
							"2 Mi characters")),

			new Damage("deep",
					(sample) -> sample.replaceAll(
							"a: " + "[".repeat(60 + sample.random.nextInt(100_000)) + sample.value(), null,
							"nested deeper")),

			new Damage("cycle",
					(sample) -> sample.replaceAll("a: &a\n  b: *a\n  c: " + sample.value(), null, "contains itself")),

			new Damage("merge", (sample) -> {
				sample.lines.add("<<: " + sample.value());
				return new Expected(sample.lines.size(), null, "write the keys out");
			}),

			new Damage("no expression", (sample) -> {
				sample.lines.add("spring.config.activate.on-profile: " + sample.value() + " & b | c");
				return new Expected(sample.lines.size(), "spring.config.activate.on-profile", "must be profiles");
			}));

	static Stream<Case> cases() {
		return DAMAGES.stream()
			.flatMap((damage) -> IntStream.range(0, SEEDS).mapToObj((seed) -> new Case(damage, seed)));
	}

	@ParameterizedTest
	@MethodSource("cases")
	void isRefusedWithThePlaceAndWithoutAnyValue(Case broken) {
		Sample sample = new Sample(new Random(31L * broken.damage().name().hashCode() + broken.seed()));
		Configuration released = Configuration.parse(sample.files());
		assertThat(ConfigurationCheck.check(released, null, Samples.catalogue(), sample.secrets)).isEmpty();
		Expected expected = broken.damage().inflict().apply(sample);
		List<Problem> problems = Samples.problems(sample.files(), released, Samples.catalogue(), sample.secrets);
		assertThat(problems).isNotEmpty();
		assertThat(problems).as("none of %s in %s", sample.values, problems)
			.allSatisfy((problem) -> assertThat(problem.toString()).doesNotContain(sample.values));
		Problem problem = problems.get(0);
		assertThat(problem.file()).isEqualTo(FILE);
		assertThat(problem.line()).as("line of %s", problem).isEqualTo(expected.line());
		assertThat(problem.key()).as("key of %s", problem).isEqualTo(expected.key());
		assertThat(problem.reason()).contains(expected.reason());
	}

	@Test
	void noTypingErrorBringsTheServerDownOrAValueToLight() {
		String characters = "\t \n:-#'\"{}[]*&!|>%@`,\\?=a0";
		for (int seed = 0; seed < 2000; seed++) {
			Sample sample = new Sample(new Random(seed));
			StringBuilder text = new StringBuilder(String.join("\n", sample.lines));
			int errors = 1 + sample.random.nextInt(3);
			for (int i = 0; i < errors; i++) {
				int place = sample.random.nextInt(text.length());
				char character = characters.charAt(sample.random.nextInt(characters.length()));
				if (sample.random.nextBoolean()) {
					text.setCharAt(place, character);
				}
				else {
					text.insert(place, character);
				}
			}
			for (String name : List.of("a.yml", "a.properties")) {
				List<Problem> problems = Samples.problems(Samples.files(name, text.toString()), null,
						Samples.catalogue(), sample.secrets);
				assertThat(problems).as("seed %d", seed)
					.allSatisfy((problem) -> assertThat(problem.toString()).doesNotContain(sample.values));
			}
		}
	}

	@ParameterizedTest
	@EnumSource(BrokenProperties.class)
	void propertiesAreRefusedInTheSameWay(BrokenProperties broken) {
		List<Problem> problems = Samples.problems(Samples.files("a.properties", broken.text), null, Samples.catalogue(),
				Secrets.none());
		assertThat(problems).singleElement().satisfies((problem) -> {
			assertThat(problem.line()).isEqualTo(broken.line);
			assertThat(problem.key()).isEqualTo(broken.key);
			assertThat(problem.reason()).contains(broken.reason);
			assertThat(problem.toString()).doesNotContain("s3cret");
		});
	}

	private record Damage(String name, Function<Sample, Expected> inflict) {

		@Override
		public String toString() {
			return name;
		}

	}

	private record Case(Damage damage, int seed) {
	}

	private record Expected(@Nullable Integer line, @Nullable String key, String reason) {
	}

	enum BrokenProperties {

		DUPLICATE("a=s3cret\n# b\nb=s3cret\na = s3cret\n", 4, "a", "is the same key as in line 1"),

		OTHER_SPELLING("max-lines=s3cret\\\n  s3cret\nmaxLines:s3cret\n", 3, "maxLines",
				"is another spelling of max-lines in line 1"),

		UNICODE("a=1\nb=s3cret\\u00x0\n", 2, null, "hexadecimal"),

		NO_NAME("a=1\n/s3cret=1\n", 2, null, "no property name"),

		EMPTY("# a=s3cret\n! b\n\n", null, null, "with the single line {}"),

		UNKNOWN_KEY("platform.sample.tmieout=s3cret", 1, "platform.sample.tmieout", "platform.sample.timeout"),

		NO_DURATION("a=1\nplatform.sample.timeout=s3cret", 2, "platform.sample.timeout", "must be a duration"),

		CIPHER_WITHOUT_KEY("a={cipher}s3cret", 1, "a", "set ENCRYPT_KEY");

		private final String text;

		private final @Nullable Integer line;

		private final @Nullable String key;

		private final String reason;

		BrokenProperties(String text, @Nullable Integer line, @Nullable String key, String reason) {
			this.text = text;
			this.line = line;
			this.key = key;
			this.reason = reason;
		}

	}

	/**
	 * A correct file with values that occur nowhere else.
	 */
	private static final class Sample {

		private final Random random;

		private final List<String> values = new ArrayList<>();

		private final List<String> lines = new ArrayList<>();

		private final Secrets secrets;

		private byte @Nullable [] bytes;

		private boolean deleted;

		private Sample(Random random) {
			this.random = random;
			this.secrets = Secrets.ofKey(value());
			lines.add("# values of order-service: " + value());
			lines.add("app:");
			int groups = 2 + random.nextInt(4);
			for (int i = 0; i < groups; i++) {
				lines.add("  group-" + i + ":");
				int texts = 2 + random.nextInt(4);
				for (int j = 0; j < texts; j++) {
					lines.add("    some-text-" + j + ": " + value());
				}
			}
			lines.add("platform:");
			lines.add("  sample:");
			lines.add("    timeout: " + (1 + random.nextInt(9)) + "s");
			lines.add("    max-size: " + (1 + random.nextInt(9)) + "MB");
			lines.add("    enabled: " + random.nextBoolean());
			lines.add("    lines: " + random.nextInt(100));
		}

		private SortedMap<String, byte[]> files() {
			SortedMap<String, byte[]> files = new TreeMap<>(Samples.files("application.yml", "a: 1"));
			if (!deleted) {
				files.put(FILE, (bytes != null) ? bytes : String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
			}
			return files;
		}

		private String value() {
			byte[] noise = new byte[15];
			random.nextBytes(noise);
			String value = "v" + Base64.getUrlEncoder().encodeToString(noise).replace('-', 'x').replace('_', 'y');
			values.add(value);
			return value;
		}

		// A line that begins a group, not the first one.
		private int group() {
			List<Integer> groups = IntStream.range(0, lines.size())
				.filter((line) -> lines.get(line).matches(" +group-[1-9]:"))
				.boxed()
				.toList();
			return groups.get(random.nextInt(groups.size()));
		}

		private int firstText() {
			return group() + 1;
		}

		private int secondText() {
			return group() + 2;
		}

		private int find(String name) {
			return IntStream.range(0, lines.size())
				.filter((line) -> lines.get(line).strip().startsWith(name + ":"))
				.findFirst()
				.orElseThrow();
		}

		// Of a first text.
		private String keyIn(int line) {
			return "app." + lines.get(line - 1).strip().replace(":", ".") + nameIn(line).strip();
		}

		private String nameIn(int line) {
			return lines.get(line).substring(0, lines.get(line).indexOf(':'));
		}

		private String spell(String key) {
			return switch (random.nextInt(3)) {
				case 0 -> key.replace("-text", "Text");
				case 1 -> key.replace('-', '_');
				default -> key.replace("some", "SOME");
			};
		}

		private Expected replaceValue(String begin, String reason) {
			int line = firstText();
			lines.set(line, lines.get(line).replace(": ", ": " + begin));
			return new Expected(line + 1, null, reason);
		}

		private Expected replaceSample(String name, String reason) {
			int line = find(name);
			lines.set(line, "    " + name + ": " + value());
			return new Expected(line + 1, "platform.sample." + name, reason);
		}

		private Expected replaceAll(String text, @Nullable Integer line, String reason) {
			bytes = text.getBytes(StandardCharsets.UTF_8);
			return new Expected(line, null, reason);
		}

	}

}
