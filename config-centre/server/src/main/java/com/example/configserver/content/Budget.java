package com.example.configserver.content;

/**
 * How much the files of one revision may hold, which bounds the memory that a revision
 * takes. Each value counts before it is made, since a few hundred bytes of YAML can stand
 * for millions of them. For use by one thread.
 */
final class Budget {

	static final int DEEPEST = 50;

	static final int MOST_VALUES = 20_000;

	static final int MOST_CHARACTERS = 2 * 1024 * 1024;

	static final int LONGEST_KEY = 1000;

	private int values;

	private int characters;

	/**
	 * Accounts for a key or a part of one.
	 * @param name its full name
	 */
	void key(String name) {
		if (name.length() > LONGEST_KEY) {
			throw new ExceededException("has a key that is longer than " + LONGEST_KEY + " characters");
		}
		if (name.chars().filter((character) -> character == '.' || character == '[').count() > DEEPEST) {
			throw new ExceededException("is nested deeper than " + DEEPEST + " levels, or contains itself by an alias");
		}
		add(name.length());
	}

	/**
	 * Accounts for a value.
	 * @param length its characters
	 */
	void value(int length) {
		if (++values > MOST_VALUES) {
			throw new ExceededException("brings the configuration to more than " + MOST_VALUES
					+ " values, those of aliases written out: use fewer aliases, and leave data to a database");
		}
		add(length);
	}

	private void add(int length) {
		characters += length;
		if (characters > MOST_CHARACTERS) {
			throw new ExceededException("brings the configuration to more than 2 Mi characters, those of aliases and"
					+ " the full names of its keys written out: use fewer aliases, and leave data to a database");
		}
	}

	/**
	 * Returns about how much memory the revision takes.
	 * @return bytes, within a factor of about two
	 */
	int weight() {
		return 2 * characters + 200 * values;
	}

	/**
	 * A file holds more than is left. The message says what is too much.
	 */
	static final class ExceededException extends RuntimeException {

		ExceededException(String reason) {
			super(reason);
		}

	}

}
