package com.example.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.example.launcher.process.Secrets;

/**
 * What a process is told that somebody starts by hand, for example in an IDE, so that it
 * joins the system: variables that Spring reads.
 */
public final class OwnProcess {

	private final Map<String, String> variables;

	OwnProcess(Map<String, String> variables) {
		this.variables = variables;
	}

	/** The variables, each a line. */
	public List<String> lines(Format format) {
		return variables.entrySet().stream().map((variable) -> switch (format) {
			case SHELL -> "export %s='%s'".formatted(variable.getKey(), variable.getValue().replace("'", "'\\''"));
			case PROPERTIES -> variable.getKey() + "=" + variable.getValue().replace("\\", "\\\\");
		}).toList();
	}

	/**
	 * Writes them where {@code starters/defaults} looks for them when a main class is
	 * started from a folder of classes. A password is among them.
	 */
	void write(Path file) {
		Secrets.write(file, String.join("\n", lines(Format.PROPERTIES)));
	}

	/**
	 * How variables are written.
	 */
	public enum Format {

		/** Commands of a POSIX shell. */
		SHELL,

		/** A properties file, as IDEs read it. */
		PROPERTIES

	}

}
