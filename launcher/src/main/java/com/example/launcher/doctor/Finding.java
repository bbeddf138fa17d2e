package com.example.launcher.doctor;

/**
 * What was found out about one thing.
 *
 * @param thing what was looked at
 * @param verdict how it is
 * @param text what was seen; unless all is well, with what to do about it
 */
public record Finding(String thing, Verdict verdict, String text) {

	static Finding ok(String thing, String text) {
		return new Finding(thing, Verdict.OK, text);
	}

	static Finding note(String thing, String text) {
		return new Finding(thing, Verdict.NOTE, text);
	}

	static Finding wrong(String thing, String text) {
		return new Finding(thing, Verdict.WRONG, text);
	}

	/**
	 * How something is.
	 */
	public enum Verdict {

		/** As it should be. */
		OK,

		/** Good to know; {@code ./dev up} copes with it. */
		NOTE,

		/** {@code ./dev up} would fail. */
		WRONG

	}

}
