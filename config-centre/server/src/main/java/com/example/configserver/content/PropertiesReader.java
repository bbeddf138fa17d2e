package com.example.configserver.content;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

import com.example.configserver.content.Setting.Form;
import com.example.configserver.content.Setting.Place;

/**
 * Reads a properties file. Lines are joined, lists split and documents separated as
 * Spring Boot does it; what looks like a separator and is none for Spring Boot is
 * refused, since a condition behind it would count for what is above.
 */
final class PropertiesReader {

	private static final String EMPTIED = "{}";

	private static final String BLANKS = " \t\f";

	// A comma that is not escaped.
	private static final Pattern DELIMITER = Pattern.compile("(?<=(?<!\\\\)(?:\\\\\\\\){0,9}),");

	private static final Pattern SEPARATOR = Pattern.compile("[#!]---\\p{javaWhitespace}*");

	private static final Pattern LIKE_SEPARATOR = Pattern.compile("\\s*[#!]\\s*---\\s*");

	private final String text;

	private final Reading reading;

	private final List<List<Setting>> documents = new ArrayList<>();

	private List<Setting> document = new ArrayList<>();

	private int position;

	private int line = 1;

	private int lineOfSeparator;

	private PropertiesReader(String text, Reading reading) {
		this.text = text;
		this.reading = reading;
	}

	/**
	 * Reads a file.
	 * @param reading gets what is wrong
	 * @return the settings of each document that is not empty, or one document without
	 * any if the file was emptied deliberately
	 * @throws RefusedException if the file holds too much
	 */
	static List<List<Setting>> read(String text, Reading reading) {
		return text.strip().equals(EMPTIED) ? List.of(List.of()) : new PropertiesReader(text, reading).read();
	}

	private List<List<Setting>> read() {
		char comment = 0;
		while (position < text.length()) {
			int begin = position;
			int start = skipBlanks(begin);
			int firstLine = line;
			char first = (start < text.length()) ? text.charAt(start) : '\n';
			boolean isComment = first == '#' || first == '!';
			int end = endOfLine(start, !isComment);
			if (isComment) {
				readComment(text.substring(begin, end), first == comment, firstLine);
			}
			else if (end > start) {
				readEntry(start, end, firstLine, start - begin + 1);
			}
			comment = isComment ? first : 0;
		}
		separate();
		return documents;
	}

	private void readComment(String comment, boolean isContinued, int firstLine) {
		if (!isContinued && SEPARATOR.matcher(comment).matches()) {
			separate();
			lineOfSeparator = firstLine;
		}
		else if (document.isEmpty() && !documents.isEmpty()) {
			document = documents.remove(documents.size() - 1);
			refuseSeparator(lineOfSeparator);
		}
		else if (LIKE_SEPARATOR.matcher(comment).matches()) {
			refuseSeparator(firstLine);
		}
	}

	private void refuseSeparator(int separator) {
		reading.refuse(separator, null, "separates no documents for Spring Boot: begin the line with"
				+ " #--- and write no comment in the line before, nor between it and the next key");
	}

	private void separate() {
		if (!document.isEmpty()) {
			documents.add(document);
		}
		document = new ArrayList<>();
	}

	private void readEntry(int start, int end, int entryLine, int column) {
		int startOfValue = startOfValue(start, end);
		Place place = new Place(entryLine, column + startOfValue - start, startOfValue, end);
		try {
			Properties decoded = decode(text.substring(start, end));
			for (String key : decoded.stringPropertyNames()) {
				if (key.endsWith("[]")) {
					addList(key.substring(0, key.length() - 2), entryLine, place);
				}
				else {
					add(key, decoded.getProperty(key), entryLine, place);
				}
			}
		}
		catch (IllegalArgumentException ex) {
			reading.refuse(entryLine, null, "\\u must be followed by four hexadecimal digits");
		}
	}

	private static Properties decode(String entry) {
		Properties decoded = new Properties();
		try {
			decoded.load(new StringReader(entry));
			return decoded;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Reading from memory does not fail", ex);
		}
	}

	private void addList(String key, int entryLine, Place place) {
		String[] elements = DELIMITER.split(text.substring(place.start(), place.end()), Reading.MOST_VALUES + 2);
		for (int i = 0; i < elements.length; i++) {
			// Spring Boot takes the last comma for the end of the list.
			if (i == 0 || i + 1 < elements.length || !elements[i].isEmpty()) {
				String element = elements[i];
				add(key + "[" + i + "]", (element.indexOf('\\') < 0) ? element.replaceFirst("^[ \\t\\f]+", "")
						: decode("e=" + element).getProperty("e"), entryLine, place);
			}
		}
	}

	private void add(String key, String value, int entryLine, Place place) {
		if (reading.isKey(key)) {
			reading.key(key);
			document.add(reading.setting(key, value, Form.TEXT, entryLine, place));
		}
		else {
			reading.refuse(entryLine, null,
					"the key in this line is no property name, which consists of letters, digits, dashes and"
							+ " dots: put the key of a map that has others in brackets, such as paths[/path]");
		}
	}

	private int startOfValue(int start, int end) {
		int offset = start;
		while (offset < end && (BLANKS + "=:").indexOf(text.charAt(offset)) < 0) {
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
		while (offset < text.length() && BLANKS.indexOf(text.charAt(offset)) >= 0) {
			offset++;
		}
		return offset;
	}

	// Moves on to the next line.
	private int endOfLine(int start, boolean continues) {
		int end = start;
		while (end < text.length() && !isBreak(end)) {
			boolean escapes = continues && text.charAt(end) == '\\' && end + 1 < text.length();
			end = (escapes && isBreak(end + 1)) ? behindBreak(end + 1) : end + (escapes ? 2 : 1);
		}
		position = (end < text.length()) ? behindBreak(end) : end;
		return end;
	}

	private boolean isBreak(int offset) {
		return text.charAt(offset) == '\n' || text.charAt(offset) == '\r';
	}

	private int behindBreak(int offset) {
		line++;
		return text.startsWith("\r\n", offset) ? offset + 2 : offset + 1;
	}

}
