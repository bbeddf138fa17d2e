package com.example.configserver.content;

import java.util.List;
import java.util.stream.Collectors;

import com.example.platform.configrefresh.Problem;

/**
 * The files are no configuration. The message lists all problems, a line each.
 */
public final class RefusedException extends RuntimeException {

	private final transient List<Problem> problems;

	RefusedException(List<Problem> problems) {
		super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Returns what is wrong.
	 * @return all problems, sorted by file; never empty
	 */
	public List<Problem> problems() {
		return problems;
	}

}
