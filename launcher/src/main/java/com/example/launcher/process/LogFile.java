package com.example.launcher.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What the log of a process that failed tells about the cause.
 *
 * @param file the log
 */
public record LogFile(Path file) {

	private static final int END_BYTES = 64 * 1024;

	private static final int TAIL_LINES = 12;

	private static final int ANALYSIS_LINES = 20;

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
		List<String> causes = lines.stream().filter((line) -> line.startsWith("Caused by: ")).toList();
		if (!causes.isEmpty()) {
			return causes.get(causes.size() - 1);
		}
		return join(lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
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
