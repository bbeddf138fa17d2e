package com.example.launcher.contracts;

import java.util.List;

/**
 * Something that a contract must not do.
 *
 * @param file where, below the folder of the repository
 * @param line which line of it
 * @param reason what is wrong
 * @param breaks whether it breaks what was released, instead of being badly written
 * @param callers the calls that break by it
 */
public record Breakage(String file, int line, String reason, boolean breaks, List<Caller> callers) {

	/** What a person can do about it. */
	public static final String REMEDY = "Take it back, or add what is new beside it. When nobody needs the old any more: ./dev contracts release";

	/**
	 * How a person is told of several; callers once for all that breaks the same ones.
	 */
	public static String text(List<Breakage> found) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < found.size(); i++) {
			Breakage breakage = found.get(i);
			text.append("%s:%d: %s%n".formatted(breakage.file, breakage.line, breakage.reason));
			if (i + 1 == found.size() || !found.get(i + 1).callers.equals(breakage.callers)) {
				breakage.callers.forEach((caller) -> text.append("    breaks %s%n".formatted(caller)));
			}
		}
		return text.toString();
	}

}
