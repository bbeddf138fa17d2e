package com.example.configserver.content;

import java.util.regex.Pattern;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Says what YAML's parser has found, without any part of the file.
 */
final class YamlProblems {

	// The parser's other messages can contain parts of values.
	private static final Pattern SAFE = Pattern
		.compile("could not find expected ':'" + "|(sequence entries|mapping keys) are not allowed here"
				+ "|found unexpected (end of stream|document separator)"
				+ "|expected .{1,20}, but (found|got) '?(<[a-z ]+>|[-,?:\\[\\]{}])'?");

	private static final Pattern BARE_CIPHER = Pattern.compile("[:-]\\s+\\{cipher}");

	private YamlProblems() {
	}

	static void report(YAMLException ex, String text, Reading reading) {
		if (!(ex instanceof MarkedYAMLException marked)) {
			boolean deep = String.valueOf(ex.getMessage()).startsWith("Nesting Depth");
			reading.refuse(null, null,
					deep ? "is nested deeper than " + Reading.DEEPEST + " levels" : "is no valid YAML");
			return;
		}
		String context = (marked.getContext() != null) ? marked.getContext() : "";
		Mark begin = marked.getContextMark();
		Mark end = marked.getProblemMark();
		// A block begins far above; of a quote or bracket, the beginning is what matters.
		Mark place = (begin == null || context.contains("block")) ? end : begin;
		Integer line = (place != null) ? line(place) : null;
		if (line != null && BARE_CIPHER.matcher(text.lines().skip(line - 1).findFirst().orElse("")).find()) {
			reading.refuse(line, null, "put a value that begins with {cipher} in quotes");
			return;
		}
		reading.refuse(line, null, "is no valid YAML: " + reason(marked) + (context.isEmpty() ? "" : ", " + context)
				+ ((line != null && end != null && line(end) > line) ? " (noticed in line " + line(end) + ")" : ""));
	}

	private static String reason(MarkedYAMLException ex) {
		String problem = (ex.getProblem() != null) ? ex.getProblem() : "";
		if (problem.startsWith("mapping values")) {
			return problem + ": indent this line as the one above, and put a space behind the colon there";
		}
		if (SAFE.matcher(problem).matches()) {
			return problem;
		}
		if (problem.contains("(TAB)")) {
			return "use spaces instead of tabs for indentation";
		}
		if (problem.contains("cannot start any token")) {
			return "put a value that begins with a special character in quotes";
		}
		if (problem.startsWith("found undefined alias")) {
			return "this alias has no anchor: put a value that begins with * in quotes";
		}
		if (problem.contains("tag")) {
			return "this tag is unknown: put a value that begins with ! in quotes";
		}
		if (problem.contains("escape")) {
			return "this escape in double quotes is unknown: use single quotes, or write \\\\ for a backslash";
		}
		return "put a value that has special characters in quotes";
	}

	private static int line(Mark mark) {
		return mark.getLine() + 1;
	}

}
