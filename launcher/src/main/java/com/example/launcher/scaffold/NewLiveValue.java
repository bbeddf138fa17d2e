package com.example.launcher.scaffold;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;

/**
 * A live value that a service gets: a component of the record whose keys begin like its
 * own, with a default, a line in the service's configuration, and an argument wherever
 * the record is made, which is in tests.
 */
public final class NewLiveValue {

	private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*");

	private static final Pattern RECORD = Pattern
		.compile("@Live\\s+@ConfigurationProperties\\(\"([^\"]+)\"\\)\\s+(?:public )?record (\\w+)\\(");

	private static final String BEGIN = "new %s(";

	private final WorkTree tree;

	private final String service;

	/**
	 * @param service name of the service
	 * @throws LocalSystemException if it is not there
	 */
	NewLiveValue(WorkTree tree, Workspace workspace, String service) {
		Scaffold.requireService(workspace, service);
		this.tree = tree;
		this.service = service;
	}

	/**
	 * Plans it.
	 * @param name the key, such as {@code users.search-limit}
	 * @return how to read it
	 * @throws LocalSystemException if no record of the service has such keys, or one has
	 * this very key
	 */
	String add(String name, Type type, String value, String meaning) {
		require(KEY.matcher(name).matches(), "'%s' cannot be a key: write it like users.search-limit.".formatted(name));
		require(type.accepts(value), "'%s' is no %s. Such as: %s.".formatted(value, type, type.example));
		require(!meaning.isBlank() && meaning.lines().count() == 1,
				"The meaning of a key is one sentence on one line.");
		List<Settings> all = records();
		// Of one record, the prefix goes without saying.
		String key = (all.size() == 1 && !name.contains(".")) ? all.get(0).prefix + "." + name : name;
		Settings settings = all.stream()
			.filter((candidate) -> key.startsWith(candidate.prefix + "."))
			.max(Comparator.comparing((candidate) -> candidate.prefix.length()))
			.filter((candidate) -> !candidate.rest(key).contains("."))
			.orElseThrow(() -> new LocalSystemException(
					"No live record of %s has keys like %s. Its live records: %s. For other keys make one, like %s."
						.formatted(service, key,
								all.isEmpty() ? "none"
										: String.join(", ",
												all.stream().map((record) -> record.prefix + ".…").toList()),
								"services/user-service/src/main/java/**/UserSettings.java")));
		String component = camelCase(settings.rest(key));
		tree.edit(settings.file, (text) -> withComponent(text, settings, component, type, value, meaning));
		tree.files("services/" + service)
			.stream()
			.filter((file) -> file.endsWith(".java"))
			.forEach((file) -> tree.edit(file, (text) -> withArgument(text, settings.name, type, value)));
		String configuration = "config-repo/" + service + ".yml";
		if (tree.has(configuration)) {
			tree.edit(configuration, (yaml) -> withKey(yaml, key, type.yaml(value), meaning));
		}
		return "%s.%s() in a class that has a Supplier<%1$s>".formatted(settings.name, component);
	}

	private List<Settings> records() {
		return tree.files("services/" + service + "/src/main/java")
			.stream()
			.flatMap((file) -> RECORD.matcher(tree.read(file))
				.results()
				.map((found) -> new Settings(file, found.group(1), found.group(2))))
			.toList();
	}

	private static String withComponent(String text, Settings settings, String component, Type type, String value,
			String meaning) {
		Matcher record = RECORD.matcher(text);
		MatchResult found = Stream.iterate(record, Matcher::find, (same) -> same)
			.map(Matcher::toMatchResult)
			.filter((match) -> match.group(2).equals(settings.name))
			.findFirst()
			.orElseThrow();
		int end = closing(text, found.end());
		String components = text.substring(found.end(), end);
		require(!Pattern.compile("\\b" + component + "\\s*(,|$)").matcher(components).find(),
				"%s has %s already.".formatted(settings.file, component));
		String described = text.substring(0, found.start())
			.replaceFirst("(?s)\\n \\*/\\s*$",
					"\n * @param %s %s\n */\n".formatted(component, Matcher.quoteReplacement(meaning)));
		return type.imported(
				withImport(
						described + text.substring(found.start(), end) + (components.isBlank() ? "" : ",\n\t\t")
								+ "@DefaultValue(\"%s\") %s %s".formatted(value.replace("\"", "\\\""), type.java,
										component)
								+ text.substring(end),
						"org.springframework.boot.context.properties.bind.DefaultValue"));
	}

	private static String withArgument(String text, String record, Type type, String value) {
		String begin = BEGIN.formatted(record);
		List<Integer> ends = new ArrayList<>();
		for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
			ends.add(closing(text, at + begin.length()));
		}
		StringBuilder result = new StringBuilder(text);
		ends.stream()
			.sorted(Comparator.reverseOrder())
			.forEach((end) -> result.insert(end, ((result.charAt(end - 1) == '(') ? "" : ", ") + type.literal(value)));
		return ends.isEmpty() ? text : type.imported(result.toString());
	}

	/** Below the last key of the same section, in which it may be the first. */
	private static String withKey(String yaml, String key, String value, String meaning) {
		List<String> lines = new ArrayList<>(yaml.lines().toList());
		String[] path = key.split("\\.", -1);
		int begin = 0;
		int end = lines.size();
		int depth = 0;
		for (; depth < path.length - 1; depth++) {
			String section = "  ".repeat(depth) + path[depth] + ":";
			int found = lines.subList(begin, end).indexOf(section);
			if (found < 0) {
				break;
			}
			begin += found + 1;
			end = endOf(lines, begin, "  ".repeat(depth + 1));
		}
		List<String> added = new ArrayList<>();
		for (; depth < path.length - 1; depth++) {
			added.add("  ".repeat(depth) + path[depth] + ":");
		}
		String indent = "  ".repeat(depth);
		added.add(indent + "# " + meaning);
		added.add(indent + path[depth] + ": " + value);
		lines.addAll(end, added);
		return String.join("\n", lines) + "\n";
	}

	private static int endOf(List<String> lines, int begin, String indent) {
		int end = begin;
		while (end < lines.size() && lines.get(end).startsWith(indent)) {
			end++;
		}
		return end;
	}

	private static int closing(String text, int from) {
		int open = 1;
		boolean quoted = false;
		int at = from;
		for (; open > 0; at++) {
			char next = text.charAt(at);
			if (next == '"' && text.charAt(at - 1) != '\\') {
				quoted = !quoted;
			}
			else if (!quoted) {
				open += (next == '(') ? 1 : (next == ')') ? -1 : 0;
			}
		}
		return at - 1;
	}

	private static String withImport(String text, String type) {
		String line = "import " + type + ";\n";
		if (text.contains(line)) {
			return text;
		}
		Matcher block = Pattern.compile("(?m)^import (%s)\\.".formatted(type.replaceFirst("\\..*", ""))).matcher(text);
		String own = block.find() ? text.substring(0, block.start()) + line + text.substring(block.start())
				: text.replaceFirst("(?m)^(package .*;\\n)", "$1\n" + line);
		return NewService.sortedImports(own);
	}

	private static String camelCase(String words) {
		return Pattern.compile("-(.)").matcher(words).replaceAll((next) -> next.group(1).toUpperCase(Locale.ROOT));
	}

	private static void require(boolean condition, String problem) {
		if (!condition) {
			throw new LocalSystemException(problem);
		}
	}

	/**
	 * A live record of the service.
	 */
	private record Settings(String file, String prefix, String name) {

		String rest(String key) {
			return key.substring(prefix.length() + 1);
		}

	}

	/**
	 * Types of live values that can be made.
	 */
	public enum Type {

		INT("int", "10", "-?\\d{1,9}"),

		LONG("long", "10", "-?\\d{1,18}"),

		DOUBLE("double", "0.5", "-?\\d+(\\.\\d+)?"),

		BOOLEAN("boolean", "false", "true|false"),

		DURATION("Duration", "1s", "\\d{1,9}(ms|s|m|h|d)"),

		STRING("String", "text", "[^\"\\\\\\r\\n]*");

		private final String java;

		private final String example;

		private final Pattern values;

		Type(String java, String example, String values) {
			this.java = java;
			this.example = example;
			this.values = Pattern.compile(values);
		}

		/** A value for those who gave none. */
		public String example() {
			return example;
		}

		private boolean accepts(String value) {
			return values.matcher(value).matches();
		}

		private String yaml(String value) {
			return (this == STRING) ? '"' + value + '"' : value;
		}

		private String literal(String value) {
			return switch (this) {
				case INT, DOUBLE, BOOLEAN -> value;
				case LONG -> value + "L";
				case STRING -> '"' + value + '"';
				case DURATION -> "Duration.%s(%s)".formatted(switch (value.replaceAll("\\d", "")) {
					case "ms" -> "ofMillis";
					case "s" -> "ofSeconds";
					case "m" -> "ofMinutes";
					case "h" -> "ofHours";
					default -> "ofDays";
				}, value.replaceAll("\\D", ""));
			};
		}

		private String imported(String text) {
			return (this == DURATION) ? withImport(text, "java.time.Duration") : text;
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
