package com.example.launcher.scaffold;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The passages of a file that are about one service among others: runs of lines that name
 * it, each with what is indented below it. In a {@code pom.xml}, the whole dependency; in
 * JSON, the whole object. Comments say nothing about a service.
 */
final class Passages {

	// What such a line is a part of, from where to where.
	private static final Map<String, String> WHOLES = Map.of("<artifactId>.*", "<dependency>", "\"\\w+\": .*", "{");

	private static final Set<String> ENDS = Set.of("</dependency>", "}", "},");

	private final List<String> lines;

	private final List<Range> ranges = new ArrayList<>();

	/**
	 * Finds the passages.
	 * @param service name of the service, such as {@code user-service}
	 */
	Passages(String text, String service) {
		this.lines = text.lines().toList();
		Pattern name = Pattern
			.compile("(?<![\\w-])(%s|%s)(?!\\w|-service)".formatted(service, service.replace('-', '_')));
		for (int i = 0; i < lines.size(); i++) {
			if (!isComment(lines.get(i)) && name.matcher(lines.get(i)).find()) {
				Range found = around(i);
				Range last = ranges.isEmpty() ? new Range(-1, -1) : ranges.get(ranges.size() - 1);
				if (last.end >= found.begin) {
					ranges.set(ranges.size() - 1, new Range(last.begin, Math.max(last.end, found.end)));
				}
				else {
					ranges.add(found);
				}
				i = Math.max(i, found.end - 1);
			}
		}
	}

	/** Puts a changed copy behind each passage, if anything is left of it. */
	String withCopies(UnaryOperator<String> change) {
		List<String> all = new ArrayList<>(lines);
		for (int i = ranges.size() - 1; i >= 0; i--) {
			Range range = ranges.get(i);
			List<String> copy = change.apply(String.join("\n", lines.subList(range.begin, range.end))).lines().toList();
			if (!copy.isEmpty() && isParagraph(range)) {
				all.add(range.end, "");
				all.addAll(range.end + 1, copy);
			}
			else {
				all.addAll(range.end, copy);
			}
		}
		return text(all);
	}

	/** Takes the passages out. */
	String without() {
		List<String> rest = new ArrayList<>(lines);
		for (int i = ranges.size() - 1; i >= 0; i--) {
			Range range = ranges.get(i);
			rest.subList(range.begin, range.end + (isParagraph(range) ? 1 : 0)).clear();
		}
		return text(rest);
	}

	private Range around(int line) {
		int begin = line;
		int end = line + 1;
		for (Map.Entry<String, String> whole : WHOLES.entrySet()) {
			if (lines.get(line).strip().matches(whole.getKey())) {
				while (begin > 0 && !lines.get(begin).strip().equals(whole.getValue())) {
					begin--;
				}
				while (end < lines.size() && !ENDS.contains(lines.get(end - 1).strip())) {
					end++;
				}
				return new Range(begin, end);
			}
		}
		int indent = indent(line);
		while (end < lines.size() && !lines.get(end).isBlank() && indent(end) > indent) {
			end++;
		}
		return new Range(line, end);
	}

	/** Of several lines, between blank ones. */
	private boolean isParagraph(Range range) {
		return range.end - range.begin > 1 && range.begin > 0 && lines.get(range.begin - 1).isBlank()
				&& range.end < lines.size() && lines.get(range.end).isBlank();
	}

	private int indent(int line) {
		return lines.get(line).length() - lines.get(line).stripLeading().length();
	}

	private static boolean isComment(String line) {
		return line.stripLeading().startsWith("#") || line.stripLeading().startsWith("<!--");
	}

	private static String text(List<String> lines) {
		return String.join("\n", lines) + "\n";
	}

	private record Range(int begin, int end) {
	}

}
