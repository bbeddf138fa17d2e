package com.example.configserver.content;

import java.util.ArrayList;
import java.util.List;

import com.example.configserver.content.Setting.Form;
import com.example.configserver.content.Setting.Place;
import com.example.configserver.history.History;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;

/**
 * The reading of the files of one revision: collects what is wrong, and ends where the
 * files hold more than a server can. All counts before it is made, since a few hundred
 * bytes of YAML can stand for millions of values, or of mistakes. For use by one thread.
 */
final class Reading {

	static final int DEEPEST = 50;

	static final int MOST_VALUES = 20_000;

	static final int MOST_CHARACTERS = 2 * 1024 * 1024;

	static final int LONGEST_KEY = 1000;

	private final List<Problem> problems = new ArrayList<>();

	private String file = "";

	private int problemsOfOthers;

	private int files;

	private long bytes;

	private int values;

	private int characters;

	/**
	 * Goes on to the next file, which all that follows is about.
	 * @param name its name
	 * @param length its bytes
	 * @throws RefusedException if the files are too many, or hold too much; so does each
	 * method
	 */
	void begin(String name, int length) {
		file = name;
		problemsOfOthers = problems.size();
		bytes += length;
		if (bytes > History.LARGEST_REVISION) {
			throw end("brings the configuration to more than 4 MiB");
		}
		if (++files > History.MOST_FILES) {
			throw end("is one file too many: a configuration has at most " + History.MOST_FILES);
		}
	}

	void refuse(@Nullable Integer line, @Nullable String key, String reason) {
		if (problems.size() == RefusedException.MOST) {
			throw end("has too many mistakes to be read on");
		}
		problems.add(new Problem(file, line, key, reason));
	}

	boolean isKey(String name) {
		return name.length() <= LONGEST_KEY && KeyNames.isComplete(name);
	}

	/**
	 * Accounts for a key or a part of one.
	 * @param name its full name
	 */
	void key(String name) {
		if (name.length() > LONGEST_KEY) {
			throw end("has a key that is longer than " + LONGEST_KEY + " characters");
		}
		if (name.chars().filter((character) -> character == '.' || character == '[').count() > DEEPEST) {
			throw end("is nested deeper than " + DEEPEST + " levels, or contains itself by an alias");
		}
		add(name.length());
	}

	/**
	 * Makes a setting, and accounts for its value.
	 */
	Setting setting(String key, String value, Form form, int line, Place place) {
		if (++values > MOST_VALUES) {
			throw end("brings the configuration to more than " + MOST_VALUES
					+ " values, those of aliases written out: use fewer aliases, and leave data to a database");
		}
		add(value.length());
		return new Setting(file, key, value, form, line, place);
	}

	private void add(int length) {
		characters += length;
		if (characters > MOST_CHARACTERS) {
			throw end("brings the configuration to more than 2 Mi characters, those of aliases and"
					+ " the full names of its keys written out: use fewer aliases, and leave data to a database");
		}
	}

	/**
	 * Returns why nothing more is read of this file, nor of those behind it.
	 */
	RefusedException end(String reason) {
		problems.add(new Problem(file, null, null, reason));
		return new RefusedException(problems);
	}

	boolean isFileRefused() {
		return problems.size() > problemsOfOthers;
	}

	List<Problem> problems() {
		return problems;
	}

	/**
	 * Returns about how much memory the revision takes.
	 * @return bytes, within a factor of about two
	 */
	int weight() {
		return (int) bytes + 2 * characters + 200 * values;
	}

}
