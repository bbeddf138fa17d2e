package com.example.launcher.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

import com.example.launcher.process.LocalSystemException;

/**
 * Reads a log file that grows, whole lines at a time.
 */
final class LogReader {

	private final Path log;

	private final Consumer<String> lines;

	private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

	private long position;

	LogReader(Path log, Consumer<String> lines) {
		this.log = log;
		this.lines = lines;
	}

	/** Hands over the lines that were completed since the last call. */
	void read() {
		if (!Files.exists(log)) {
			return;
		}
		try (InputStream in = Files.newInputStream(log)) {
			if (Files.size(log) < position) {
				position = 0;
			}
			in.skipNBytes(position);
			byte[] bytes = in.readAllBytes();
			position += bytes.length;
			for (byte next : bytes) {
				if (next == '\n') {
					lines.accept(unfinished.toString(StandardCharsets.UTF_8).stripTrailing());
					unfinished.reset();
				}
				else {
					unfinished.write(next);
				}
			}
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be read (%s).".formatted(log, ex), ex);
		}
	}

}
