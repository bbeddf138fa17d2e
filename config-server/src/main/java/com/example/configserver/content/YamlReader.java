package com.example.configserver.content;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.example.platform.configrefresh.Problem;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads where the keys of a YAML file stand, and finds what Spring Boot would read
 * without complaint, or would be brought down by. The limits hold for what the file
 * stands for, with its aliases written out.
 */
final class YamlReader {

	private static final int DEEPEST = 50;

	private static final int MOST_ALIASES = 50;

	private static final int MOST_CHARACTERS = 16 * 1024 * 1024;

	// The parser's other messages can contain parts of values.
	private static final Pattern SAFE = Pattern
		.compile("could not find expected ':'" + "|(sequence entries|mapping keys) are not allowed here"
				+ "|found unexpected (end of stream|document separator)"
				+ "|expected .{1,20}, but (found|got) '?(<[a-z ]+>|[-,?:\\[\\]{}])'?");

	private static final Pattern BARE_CIPHER = Pattern.compile("[:-]\\s+\\{cipher}");

	private final String file;

	private final String text;

	private final List<Problem> problems;

	private final int @Nullable [] offsets;

	private long characters;

	private YamlReader(String file, String text, List<Problem> problems) {
		this.file = file;
		this.text = text;
		this.problems = problems;
		this.offsets = offsets(text);
	}

	/**
	 * Reads a file.
	 * @param problems gets what is wrong
	 * @return the entries of each document that is not empty; incomplete if there is a
	 * problem
	 */
	static List<List<Entry>> read(String file, String text, List<Problem> problems) {
		return new YamlReader(file, text, problems).read();
	}

	static LoaderOptions options() {
		LoaderOptions options = new LoaderOptions();
		options.setNestingDepthLimit(DEEPEST);
		options.setMaxAliasesForCollections(MOST_ALIASES);
		return options;
	}

	private List<List<Entry>> read() {
		List<List<Entry>> documents = new ArrayList<>();
		try {
			for (Node root : new Yaml(options()).composeAll(new StringReader(text))) {
				if (root instanceof MappingNode mapping) {
					List<Entry> entries = new ArrayList<>();
					readMapping(mapping, "", 0, entries);
					documents.add(entries);
				}
				else if (!root.getTag().equals(Tag.NULL)) {
					problems.add(new Problem(file, line(root.getStartMark()), null,
							"must consist of keys with values, such as server.port: 8080"));
				}
			}
		}
		catch (TooLargeException ex) {
			problems.add(new Problem(file, null, null, ex.reason));
		}
		catch (YAMLException ex) {
			problems.add(problem(file, text, ex));
		}
		return documents;
	}

	private void readMapping(MappingNode mapping, String path, int depth, List<Entry> entries) {
		Set<String> taken = new HashSet<>();
		for (NodeTuple tuple : mapping.getValue()) {
			Node keyNode = tuple.getKeyNode();
			String key = key(keyNode, path);
			if (key != null) {
				if (taken.add(key)) {
					readValue(tuple.getValueNode(), join(path, key), line(keyNode.getStartMark()), depth, entries);
				}
				else {
					problems.add(new Problem(file, line(keyNode.getStartMark()), join(path, key),
							"stands twice in the same place: keep one of them"));
				}
			}
		}
	}

	private void readValue(Node node, String name, int line, int depth, List<Entry> entries) {
		account(name.length(), depth);
		if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
			readMapping(mapping, name, depth + 1, entries);
		}
		else if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
			int index = 0;
			for (Node item : sequence.getValue()) {
				readValue(item, name + "[" + index++ + "]", line(item.getStartMark()), depth + 1, entries);
			}
		}
		else {
			String value = (node instanceof ScalarNode scalar) ? scalar.getValue() : "";
			account(value.length(), depth);
			int start = offset(node.getStartMark());
			int end = offset(node.getEndMark());
			// A block ends at the beginning of the line behind it.
			while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
				end--;
			}
			entries.add(new Entry(name, value, line, start, end));
		}
	}

	private @Nullable String key(Node node, String path) {
		String reason;
		if (!(node instanceof ScalarNode scalar)) {
			reason = "a key must be a name: put a value that begins with { or [ in quotes";
		}
		else if (scalar.getTag().equals(Tag.INT)) {
			return "[" + scalar.getValue() + "]";
		}
		else if (scalar.getTag().equals(Tag.MERGE)) {
			// Which of two values wins depends on the order in which they are
			// constructed.
			reason = "<< is not supported, because Spring Boot lets a merged key win over the one in place:"
					+ " write the keys out";
		}
		else if (!scalar.getTag().equals(Tag.STR) && !scalar.getTag().equals(Tag.TIMESTAMP)) {
			reason = "YAML reads the key in this line as a boolean, number or nothing: put it in quotes";
		}
		else if (!PropertyKeys.isName(scalar.getValue())) {
			reason = "the key in this line is no property name, which consists of letters, digits, dashes and dots:"
					+ " put the key of a map that has others in brackets and quotes, such as \"[/path]\"";
		}
		else {
			return scalar.getValue();
		}
		problems.add(new Problem(file, line(node.getStartMark()), path.isEmpty() ? null : path, reason));
		return null;
	}

	private void account(int length, int depth) {
		characters += length;
		if (depth > DEEPEST) {
			throw new TooLargeException("is nested deeper than " + DEEPEST + " levels, or contains itself by an alias");
		}
		if (characters > MOST_CHARACTERS) {
			throw new TooLargeException("has more than 16 Mi characters once its aliases and the full names of its"
					+ " keys are written out: split it, or use fewer aliases");
		}
	}

	/**
	 * Says what the parser found, without any part of the file.
	 */
	static Problem problem(String file, String text, YAMLException ex) {
		if (!(ex instanceof MarkedYAMLException marked)) {
			String message = String.valueOf(ex.getMessage());
			if (message.startsWith("Nesting Depth")) {
				return new Problem(file, null, null, "is nested deeper than " + DEEPEST + " levels");
			}
			if (message.startsWith("Number of aliases")) {
				return new Problem(file, null, null,
						"has more than " + MOST_ALIASES + " aliases of mappings and lists");
			}
			return new Problem(file, null, null, "is no valid YAML");
		}
		String context = (marked.getContext() != null) ? marked.getContext() : "";
		Mark begin = marked.getContextMark();
		Mark end = marked.getProblemMark();
		// A block begins far above; of a quote or bracket, the beginning is what matters.
		Mark place = (begin == null || context.contains("block")) ? end : begin;
		if (place != null && BARE_CIPHER.matcher(text.lines().skip(place.getLine()).findFirst().orElse("")).find()) {
			return new Problem(file, line(place), null, "put a value that begins with {cipher} in quotes");
		}
		StringBuilder reason = new StringBuilder("is no valid YAML: ").append(reason(marked));
		if (!context.isEmpty()) {
			reason.append(", ").append(context);
		}
		if (place != null && end != null && line(end) > line(place)) {
			reason.append(" (noticed in line ").append(line(end)).append(')');
		}
		return new Problem(file, (place != null) ? line(place) : null, null, reason.toString());
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

	private static String join(String path, String key) {
		return (path.isEmpty() || key.startsWith("[")) ? path + key : path + "." + key;
	}

	private static int line(Mark mark) {
		return mark.getLine() + 1;
	}

	private int offset(Mark mark) {
		return (offsets != null) ? offsets[mark.getIndex()] : mark.getIndex();
	}

	// The parser counts code points.
	private static int @Nullable [] offsets(String text) {
		int count = text.codePointCount(0, text.length());
		if (count == text.length()) {
			return null;
		}
		int[] offsets = new int[count + 1];
		int offset = 0;
		for (int i = 0; i < count; i++) {
			offsets[i] = offset;
			offset += Character.charCount(text.codePointAt(offset));
		}
		offsets[count] = offset;
		return offsets;
	}

	private static final class TooLargeException extends RuntimeException {

		private final String reason;

		private TooLargeException(String reason) {
			this.reason = reason;
		}

	}

}
