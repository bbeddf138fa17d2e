package com.example.configserver.content;

import java.util.List;
import java.util.stream.Collectors;

import com.example.platform.configprotocol.Problem;

/**
 * The files are no configuration. The message lists all problems, a line each.
 */
public final class RefusedException extends RuntimeException {

	static final int MOST = 50;

	private final transient List<Problem> problems;

	RefusedException(List<Problem> problems) {
		super(problems.stream().limit(MOST).map(Problem::toString).collect(Collectors.joining("\n")));
		this.problems = problems.stream().limit(MOST).toList();
	}

	/**
	 * Returns what is wrong.
	 * @return problems, sorted by file: all of them unless there are dozens; never empty
	 */
	public List<Problem> problems() {
		return problems;
	}

}
