package com.example.launcher.scaffold;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.lang.model.SourceVersion;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;

/**
 * A live value that a service gets: a component of the record whose keys begin like its
 * own, with a default, a line in the service's configuration, and an argument wherever
 * the record is made, which is in tests.
 */
public final class NewLiveValue {

	private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*(\\.[a-z][a-z0-9]*(-[a-z0-9]+)*)*");

	private static final Pattern RECORD = Pattern
		.compile("((?:@[\\w.]+(?:\\([^)]*\\))?\\s+)+)(?:(?:public|private|static)\\s+)*record (\\w+)\\s*\\(");

	private static final Pattern PREFIX = Pattern
		.compile("@ConfigurationProperties\\((?:(?:prefix|value)\\s*=\\s*)?\"([^\"]+)\"");

	/** Comments and literals: brackets in them do not count. */
	private static final String SKIPPED = "//[^\\n]*|/\\*(?s:.*?)\\*/|\"\"\"(?s:.*?)\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'";

	private static final Pattern BRACKET = Pattern.compile(SKIPPED + "|[()]");

	/** What no component of a record may be called. */
	private static final Set<String> TAKEN = Set.of("clone", "finalize", "getClass", "hashCode", "notify", "notifyAll",
			"toString", "wait");

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
		require(!meaning.isBlank() && meaning.lines().count() == 1 && !meaning.contains("*/"),
				"The meaning of a key is one sentence on one line, without */.");
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
		require(!SourceVersion.isKeyword(component) && !TAKEN.contains(component),
				"Java has a meaning of its own for '%s'. Choose another key.".formatted(component));
		tree.edit(settings.file, (text) -> withComponent(text, settings, component, type, value, meaning));
		tree.files("services/" + service)
			.stream()
			.filter((file) -> file.endsWith(".java"))
			.forEach((file) -> tree.edit(file, (text) -> withArgument(text, settings.name, type, value)));
		String read = "%s.%s() in a class that has a Supplier<%1$s>".formatted(settings.name, component);
		String configuration = "config-repo/" + service + ".yml";
		if (!tree.has(configuration)) {
			return read;
		}
		String before = tree.read(configuration);
		String after = YamlKeys.with(before, key, type.yaml(value), meaning);
		if (YamlKeys.value(before, key).isPresent() || YamlKeys.value(after, key).isEmpty()) {
			return read + ". Write '%s: %s' into %s yourself, if it is not there".formatted(key, type.yaml(value),
					configuration);
		}
		tree.write(configuration, after);
		return read;
	}

	private List<Settings> records() {
		return tree.files("services/" + service + "/src/main/java")
			.stream()
			.flatMap((file) -> RECORD.matcher(tree.read(file))
				.results()
				.filter((found) -> found.group(1).matches("(?s).*@Live\\b.*"))
				.flatMap((found) -> PREFIX.matcher(found.group(1))
					.results()
					.map((prefix) -> new Settings(file, prefix.group(1), found.group(2)))))
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
			.replaceFirst("(?s)\\s*\\*/\\s*$",
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
		List<Integer> ends = Pattern.compile(SKIPPED + "|\\bnew " + record + "\\(")
			.matcher(text)
			.results()
			.filter((token) -> token.group().startsWith("new "))
			.map((call) -> closing(text, call.end()))
			.sorted(Comparator.reverseOrder())
			.toList();
		StringBuilder result = new StringBuilder(text);
		ends.forEach((end) -> result.insert(end, ((result.charAt(end - 1) == '(') ? "" : ", ") + type.literal(value)));
		return ends.isEmpty() ? text : type.imported(result.toString());
	}

	private static int closing(String text, int from) {
		Matcher bracket = BRACKET.matcher(text);
		int open = 1;
		for (int at = from; bracket.find(at); at = bracket.end()) {
			open += switch (bracket.group()) {
				case "(" -> 1;
				case ")" -> -1;
				default -> 0;
			};
			if (open == 0) {
				return bracket.start();
			}
		}
		throw new LocalSystemException(
				"A bracket is not closed: " + text.substring(from).lines().findFirst().orElse(""));
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

		INT("int", "10", "-?(0|[1-9]\\d{0,8})"),

		LONG("long", "10", "-?(0|[1-9]\\d{0,17})"),

		DOUBLE("double", "0.5", "-?(0|[1-9]\\d*)(\\.\\d+)?"),

		BOOLEAN("boolean", "false", "true|false"),

		DURATION("Duration", "1s", "(0|[1-9]\\d{0,8})(ms|s|m|h|d)"),

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
