package com.example.launcher.scaffold;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with sections that are there for some capabilities only: a comment line
 * {@code if A}, {@code if A and B} or {@code if A or B} begins one, a comment line
 * {@code end} ends it. Sections may stand in sections.
 */
final class Sections {

	private static final Pattern MARK = Pattern
		.compile("\\s*(?://|#|--|<!--)\\s*(?:(end)|if (\\w+(?: and \\w+)*|\\w+(?: or \\w+)*))\\s*(?:-->)?\\s*");

	private Sections() {
	}

	/**
	 * Leaves out the marks, and the sections whose capabilities are not there.
	 * @param capabilities names of those that are there
	 * @throws IllegalArgumentException if a section has no beginning or no end
	 */
	static String keep(String text, Set<String> capabilities) {
		StringBuilder kept = new StringBuilder();
		Deque<Boolean> sections = new ArrayDeque<>();
		for (String line : (Iterable<String>) text.lines()::iterator) {
			Matcher mark = MARK.matcher(line);
			if (!mark.matches()) {
				if (!sections.contains(false)) {
					kept.append(line).append('\n');
				}
			}
			else if (mark.group(1) == null) {
				sections.push(holds(mark.group(2), capabilities));
			}
			else if (sections.isEmpty()) {
				throw new IllegalArgumentException("An 'end' without an 'if'");
			}
			else {
				sections.pop();
			}
		}
		if (!sections.isEmpty()) {
			throw new IllegalArgumentException("An 'if' without an 'end'");
		}
		return kept.toString();
	}

	private static boolean holds(String condition, Set<String> capabilities) {
		return condition.contains(" and ") ? capabilities.containsAll(List.of(condition.split(" and ", -1)))
				: !Collections.disjoint(capabilities, List.of(condition.split(" or ", -1)));
	}

}
