package com.example.launcher.scaffold;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Keys in the text of a configuration file, whose comments and order stay.
 */
final class YamlKeys {

	private YamlKeys() {
	}

	/** With a key below the last one of its section, in which it may be the first. */
	static String with(String yaml, String key, String value, String meaning) {
		List<String> lines = new ArrayList<>(yaml.strip().equals("{}") ? List.of() : yaml.lines().toList());
		String[] path = key.split("\\.", -1);
		int begin = 0;
		int end = lines.size();
		int depth = 0;
		for (; depth < path.length - 1; depth++) {
			Pattern section = Pattern.compile(" {%d}([\"']?)%s\\1:\\s*(#.*)?".formatted(2 * depth, path[depth]));
			int found = begin;
			while (found < end && !section.matcher(lines.get(found)).matches()) {
				found++;
			}
			if (found == end) {
				break;
			}
			begin = found + 1;
			end = endOf(lines, begin, end, "  ".repeat(depth + 1));
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

	private static int endOf(List<String> lines, int begin, int limit, String indent) {
		int end = begin;
		for (int line = begin; line < limit
				&& (lines.get(line).isBlank() || lines.get(line).startsWith(indent)); line++) {
			end = lines.get(line).isBlank() ? end : line + 1;
		}
		return end;
	}

	/** What a file says of a key; nothing if it is no YAML of one document. */
	static Optional<Object> value(String yaml, String key) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		try {
			return at(new Yaml(new SafeConstructor(options)).load(yaml), key);
		}
		catch (YAMLException ex) {
			return Optional.empty();
		}
	}

	private static Optional<Object> at(@Nullable Object value, String key) {
		if (key.isEmpty()) {
			return Optional.ofNullable(value);
		}
		return (value instanceof Map<?, ?> section) ? section.entrySet()
			.stream()
			.filter((entry) -> (key + ".").startsWith(entry.getKey() + "."))
			.flatMap((entry) -> at(entry.getValue(),
					key.substring(Math.min(key.length(), String.valueOf(entry.getKey()).length() + 1)))
				.stream())
			.findFirst() : Optional.empty();
	}

}
