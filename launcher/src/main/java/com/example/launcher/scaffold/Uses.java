package com.example.launcher.scaffold;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.example.launcher.process.LocalSystemException;

/**
 * What still uses something that is to go.
 */
final class Uses {

	private static final int TOLD = 5;

	private static final Pattern SOURCE = Pattern.compile(".*/src/(?:main|test)/java/(.*)\\.java");

	// Up to the class, whose name begins with a capital letter.
	private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?([a-z][\\w.]*?\\.[A-Z]\\w*)\\b");

	private Uses() {
	}

	/** The files that stay and import a class of a module. */
	static List<String> ofClasses(String module, WorkTree tree) {
		Set<String> gone = tree.files(module)
			.stream()
			.map(SOURCE::matcher)
			.filter(Matcher::matches)
			.map((file) -> file.group(1).replace('/', '.'))
			.collect(Collectors.toSet());
		return tree.remaining()
			.stream()
			.filter((file) -> file.endsWith(".java"))
			.filter((
					file) -> IMPORT.matcher(tree.read(file)).results().anyMatch((used) -> gone.contains(used.group(1))))
			.toList();
	}

	/**
	 * Refuses to go on while there are some.
	 * @param problem what comes before their number
	 */
	static void requireNone(String problem, List<String> users) {
		if (!users.isEmpty()) {
			throw new LocalSystemException("%s %d file(s): %s. Take it out there first.".formatted(problem,
					users.size(), String.join(", ", users.subList(0, Math.min(TOLD, users.size())))));
		}
	}

}
