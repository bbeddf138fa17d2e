package com.example.configserver.content;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import com.example.platform.configrefresh.Problem;

/**
 * Reads where the keys of a properties file stand. Lines are joined and documents
 * separated as Spring Boot does it.
 */
final class PropertiesReader {

	private static final String EMPTIED = "{}";

	private final String file;

	private final String text;

	private final List<Problem> problems;

	private final List<List<Entry>> documents = new ArrayList<>();

	private List<Entry> document = new ArrayList<>();

	private int position;

	private int line = 1;

	private PropertiesReader(String file, String text, List<Problem> problems) {
		this.file = file;
		this.text = text;
		this.problems = problems;
	}

	/**
	 * Reads a file.
	 * @param problems gets what is wrong
	 * @return the entries of each document that is not empty, or one document without
	 * entries if the file was emptied deliberately
	 */
	static List<List<Entry>> read(String file, String text, List<Problem> problems) {
		if (text.strip().equals(EMPTIED)) {
			return List.of(List.of());
		}
		return new PropertiesReader(file, text, problems).read();
	}

	private List<List<Entry>> read() {
		char comment = 0;
		while (position < text.length()) {
			int begin = position;
			int start = skipBlanks(begin);
			char first = (start < text.length()) ? text.charAt(start) : '\n';
			if (first == '#' || first == '!') {
				int end = endOfLine(start, false);
				if (first != comment && start == begin && text.substring(start + 1, end).strip().equals("---")) {
					separate();
				}
				else if (document.isEmpty() && !documents.isEmpty()) {
					document = documents.remove(documents.size() - 1);
				}
				comment = first;
			}
			else {
				comment = 0;
				int entryLine = line;
				int end = endOfLine(start, true);
				if (end > start) {
					readEntry(start, end, entryLine);
				}
			}
		}
		separate();
		return documents;
	}

	private void separate() {
		if (!document.isEmpty()) {
			documents.add(document);
		}
		document = new ArrayList<>();
	}

	private void readEntry(int start, int end, int entryLine) {
		Properties decoded = new Properties();
		try {
			decoded.load(new StringReader(text.substring(start, end)));
		}
		catch (IllegalArgumentException ex) {
			problems.add(new Problem(file, entryLine, null, "\\u must be followed by four hexadecimal digits"));
			return;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Reading from memory does not fail", ex);
		}
		for (String key : decoded.stringPropertyNames()) {
			String name = key.endsWith("[]") ? key.substring(0, key.length() - 2) + "[0]" : key;
			if (PropertyKeys.isName(name)) {
				document.add(new Entry(name, decoded.getProperty(key), entryLine, startOfValue(start, end), end));
			}
			else {
				problems.add(new Problem(file, entryLine, null,
						"the key in this line is no property name, which consists of letters, digits, dashes and"
								+ " dots: put the key of a map that has others in brackets, such as paths[/path]"));
			}
		}
	}

	private int startOfValue(int start, int end) {
		int offset = start;
		while (offset < end && " \t\f=:".indexOf(text.charAt(offset)) < 0) {
			offset += (text.charAt(offset) == '\\') ? 2 : 1;
		}
		offset = skipBlanks(Math.min(offset, end));
		if (offset < end && "=:".indexOf(text.charAt(offset)) >= 0) {
			offset = skipBlanks(offset + 1);
		}
		return Math.min(offset, end);
	}

	private int skipBlanks(int from) {
		int offset = from;
		while (offset < text.length() && " \t\f".indexOf(text.charAt(offset)) >= 0) {
			offset++;
		}
		return offset;
	}

	// Moves on to the next line.
	private int endOfLine(int start, boolean continues) {
		int offset = start;
		while (offset < text.length() && text.charAt(offset) != '\n' && text.charAt(offset) != '\r') {
			if (continues && text.charAt(offset) == '\\' && offset + 1 < text.length()) {
				offset++;
				if (isBreak(offset)) {
					offset = behindBreak(offset) - 1;
				}
			}
			offset++;
		}
		position = (offset < text.length()) ? behindBreak(offset) : offset;
		return offset;
	}

	private boolean isBreak(int offset) {
		return text.charAt(offset) == '\n' || text.charAt(offset) == '\r';
	}

	private int behindBreak(int offset) {
		line++;
		return text.startsWith("\r\n", offset) ? offset + 2 : offset + 1;
	}

}
