package com.example.launcher.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What the log of a process that failed tells about the cause.
 *
 * @param file the log
 */
public record LogFile(Path file) {

	private static final String CAUSE = "Caused by: ";

	private static final int END_BYTES = 64 * 1024;

	private static final int TAIL_LINES = 12;

	private static final int ANALYSIS_LINES = 20;

	/**
	 * Adds a line, between what processes write.
	 * @throws LocalSystemException if it cannot be written
	 */
	public void append(String line) {
		try {
			Files.writeString(file, line + System.lineSeparator(), StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw WriteFailure.of(file, ex, WriteFailure.STATE);
		}
	}

	/**
	 * The part of the end of the log that matters most: Spring Boot's own analysis, else
	 * the innermost cause, else the last lines.
	 */
	public String cause() {
		return cause(end());
	}

	/** The same for the output of a program that failed. */
	public static String cause(List<String> lines) {
		int analysis = lines.lastIndexOf("APPLICATION FAILED TO START");
		if (analysis >= 0) {
			return join(lines.subList(analysis, Math.min(lines.size(), analysis + ANALYSIS_LINES))
				.stream()
				.filter((line) -> !line.isBlank() && !line.startsWith("***"))
				.toList());
		}
		List<List<String>> causes = causes(lines);
		if (!causes.isEmpty()) {
			return join(mostTelling(causes));
		}
		return join(lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
	}

	/**
	 * The messages of all causes, each of one line or more, without their stack traces.
	 */
	private static List<List<String>> causes(List<String> lines) {
		List<List<String>> causes = new ArrayList<>();
		boolean inMessage = false;
		for (String line : lines) {
			if (line.startsWith(CAUSE)) {
				causes.add(new ArrayList<>());
			}
			inMessage = line.startsWith(CAUSE) || (inMessage && !line.startsWith("\t"));
			if (inMessage && !line.isBlank()) {
				causes.get(causes.size() - 1).add(line);
			}
		}
		return causes;
	}

	/**
	 * The innermost cause, or one around it that quotes it on a line of its own and adds
	 * more, as Flyway does with the script and the line that failed.
	 */
	private static List<String> mostTelling(List<List<String>> causes) {
		List<String> innermost = causes.get(causes.size() - 1);
		String message = innermost.get(0).replaceFirst(CAUSE + "\\S+ ?", "");
		List<String> telling = innermost;
		for (List<String> cause : causes) {
			if (!message.isEmpty() && cause.stream().skip(1).anyMatch((line) -> line.contains(message))) {
				telling = cause;
			}
		}
		return telling.subList(0, Math.min(telling.size(), ANALYSIS_LINES));
	}

	private List<String> end() {
		try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
			byte[] bytes = new byte[(int) Math.min(END_BYTES, log.length())];
			log.seek(log.length() - bytes.length);
			log.readFully(bytes);
			return new String(bytes, StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			return List.of("(the log cannot be read: " + ex.getMessage() + ")");
		}
	}

	private static String join(List<String> lines) {
		return String.join(System.lineSeparator(), lines);
	}

}
