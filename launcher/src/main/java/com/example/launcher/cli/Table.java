package com.example.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Text in columns as wide as their widest cell. What others wrote cannot break a line or
 * speak to the terminal: control characters become blanks.
 */
final class Table {

	private static final String GAP = "  ";

	private static final String NOTE = "    ";

	private final List<Row> rows = new ArrayList<>();

	Table(String... head) {
		row(head);
	}

	/** Adds a row of as many cells as the head has. */
	Table row(String... cells) {
		rows.add(new Row(Stream.of(cells).map(Table::plain).toList(), new ArrayList<>()));
		return this;
	}

	/** Adds a line of its own below the last row. */
	Table note(String text) {
		rows.get(rows.size() - 1).notes.add(plain(text));
		return this;
	}

	List<String> lines() {
		int[] widths = IntStream.range(0, rows.get(0).cells.size()).map(this::width).toArray();
		List<String> lines = new ArrayList<>();
		for (Row row : rows) {
			StringBuilder line = new StringBuilder();
			for (int i = 0; i < widths.length; i++) {
				String cell = row.cells.get(i);
				line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
			}
			lines.add(line.toString().stripTrailing());
			row.notes.forEach((note) -> lines.add(NOTE + note));
		}
		return lines;
	}

	/** A text without line breaks and other control characters. */
	static String plain(String text) {
		return text.replaceAll("\\p{Cc}+", " ").stripTrailing();
	}

	private int width(int column) {
		return rows.stream().mapToInt((row) -> row.cells.get(column).length()).max().orElse(0);
	}

	/** Cells, and the lines below them. */
	private record Row(List<String> cells, List<String> notes) {

	}

}
