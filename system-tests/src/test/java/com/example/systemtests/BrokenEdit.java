package com.example.systemtests;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A mistake that somebody may save.
 *
 * @param kind what kind of mistake
 * @param content bytes that the file holds afterwards, as ISO 8859-1 reads them;
 * {@code null} if it is deleted
 * @param key the key that is wrong; {@code null} if the whole file is
 * @param hasLine whether a line can be named
 */
record BrokenEdit(Kind kind, @Nullable String content, @Nullable String key, boolean hasLine) {

	private static final int FIVE_MEBIBYTES = 5 * 1024 * 1024;

	private static final List<String> NO_YAML = List.of("broken: [unfinished\n", "\tbroken: by a tab\n",
			"broken: \"without end\n", "broken: : :\n", "- an element of no list\n", "broken: *nowhere\n",
			"broken: @reserved\n", "broken: {a: 1\n", "broken: |x\n");

	/** The files to make mistakes in. */
	static final List<Target> TARGETS = List.of(
			new Target("application.yml", "",
					List.of(new Setting("logging.level.com.example.proof", "", "logging.level.com.example.proof",
							List.of("loud", "7"), List.of("verbose", "louder")))),
			new Target("order-service.yml", "order-service",
					List.of(new Setting("orders.limits.max-lines", "max-lines", "max-lines: 20",
							List.of("many", "2.5", "2026-01-01"), List.of("0", "-1", "1001", "5000")),
							new Setting("orders.limits.max-quantity", "max-quantity", "max-quantity: 1000",
									List.of("a dozen", "true"), List.of("0", "-7")),
							new Setting("platform.scheduling.jobs.daily-summary.cron", "cron", "cron: \"0 0 1 * * *\"",
									List.of("often", "5"), List.of("\"0 0 25 * * *\"", "\"0 0 1 31 2 *\"")),
							new Setting("platform.scheduling.jobs.daily-summary.zone", "zone", "zone: UTC",
									List.of("7", "true"), List.of("Europe/Atlantis", "UTC+99")))),
			new Target("user-service.yml", "user-service", List.of(new Setting("users.page-size", "page-size",
					"page-size: 20", List.of("lots", "1e3x"), List.of("0", "-1", "101")))));

	/**
	 * Makes a mistake.
	 * @param target the file
	 * @param good what it holds without the mistake
	 * @param number tells it from every other one
	 */
	static BrokenEdit of(Kind kind, Target target, String good, Random random, int number) {
		Setting setting = target.settings.get(random.nextInt(target.settings.size()));
		String text = new String(good.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) + "# edit "
				+ number + "\n";
		return switch (kind) {
			case NO_YAML -> new BrokenEdit(kind, text + one(NO_YAML, random), null, true);
			case DUPLICATE_KEY -> new BrokenEdit(kind, text + "extra:\n  twice: 1\n  twice: 2\n", "extra.twice", true);
			case WRONG_TYPE -> of(kind, setting, text, one(setting.wrongType, random));
			case OUT_OF_RANGE -> of(kind, setting, text, one(setting.outOfRange, random));
			case UNKNOWN_KEY -> {
				String key = "platform.load-balancing.defaults." + misspelt("policy", random);
				yield new BrokenEdit(kind, text + key + ": random\n", key, true);
			}
			case EMPTY -> new BrokenEdit(kind, one(List.of("", "\n", "# nothing yet\n"), random), null, false);
			case DELETED -> new BrokenEdit(kind, null, null, false);
			case FIVE_MEBIBYTES -> new BrokenEdit(kind, tooLong(text), null, false);
			case BINARY -> {
				byte[] content = new byte[1024 + random.nextInt(4096)];
				random.nextBytes(content);
				content[0] = 0;
				yield new BrokenEdit(kind, new String(content, StandardCharsets.ISO_8859_1), null, false);
			}
		};
	}

	private static BrokenEdit of(Kind kind, Setting setting, String text, String value) {
		String broken = text.contains(setting.good) ? text.replace(setting.good, setting.name + ": " + value)
				: text + setting.key + ": " + value + "\n";
		return new BrokenEdit(kind, broken, setting.key, true);
	}

	private static String one(List<String> choices, Random random) {
		return choices.get(random.nextInt(choices.size()));
	}

	private static String misspelt(String word, Random random) {
		int letter = random.nextInt(word.length());
		return new StringBuilder(word).deleteCharAt(letter).append("xyz", 0, random.nextInt(3)).toString();
	}

	private static String tooLong(String text) {
		return text + "# " + "x".repeat(FIVE_MEBIBYTES - text.length());
	}

	/** Whether a problem tells all that can be told of this mistake. */
	boolean isToldBy(Problem problem, String file) {
		return Objects.equals(problem.file(), file) && (!hasLine || problem.line() != null)
				&& (key == null || key.equals(problem.key())) && !problem.reason().isBlank();
	}

	@Override
	public String toString() {
		return kind + ((key != null) ? " of " + key : "");
	}

	/** What kind of mistake. */
	enum Kind {

		NO_YAML, OUT_OF_RANGE, WRONG_TYPE, EMPTY, UNKNOWN_KEY, DELETED, DUPLICATE_KEY, FIVE_MEBIBYTES, BINARY

	}

	/**
	 * A file to make mistakes in.
	 *
	 * @param file the file
	 * @param service with what the names of the services begin that obey it
	 * @param settings some of its keys
	 */
	record Target(String file, String service, List<Setting> settings) {
	}

	/**
	 * A key with values that it does not accept.
	 *
	 * @param key the key
	 * @param name how the file names it, below its parents
	 * @param good its line there; not in the file if it is to be added
	 * @param wrongType values of another type
	 * @param outOfRange values of its type
	 */
	record Setting(String key, String name, String good, List<String> wrongType, List<String> outOfRange) {
	}

}
