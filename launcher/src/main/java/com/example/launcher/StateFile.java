package com.example.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.UnaryOperator;

import com.example.launcher.process.LocalSystemException;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code state.json}: read and replaced as a whole, under a lock that other launchers
 * respect. Thread-safe.
 */
final class StateFile {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(SerializationFeature.INDENT_OUTPUT)
		.changeDefaultVisibility((visibility) -> visibility.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
		.build();

	private final Path file;

	private final Path lockFile;

	StateFile(Path folder) {
		this.file = folder.resolve("state.json");
		this.lockFile = folder.resolve("state.lock");
	}

	/** The state, empty when no system was started or it was stopped. */
	Optional<SystemState> read() {
		try {
			return Files.exists(file) ? Optional.of(JSON.readValue(Files.readString(file), SystemState.class))
					: Optional.empty();
		}
		catch (IOException | JacksonException ex) {
			throw new LocalSystemException(
					"%s cannot be read (%s). End the processes that still run from %s by hand, then delete the file."
						.formatted(file, firstLine(ex), file.resolveSibling("images")),
					ex);
		}
	}

	/**
	 * Refuses to go on while a system runs.
	 * @throws LocalSystemException if one does
	 */
	void requireNothingRuns() {
		if (read().filter(SystemState::anythingAlive).isPresent()) {
			throw new LocalSystemException("The system already runs. './dev status' shows it, './dev down' stops it.");
		}
	}

	/**
	 * Writes the first state of a system.
	 * @throws LocalSystemException if another system runs
	 */
	synchronized void create(SystemState state) {
		locked(() -> {
			requireNothingRuns();
			write(state);
		});
	}

	/**
	 * Changes the state, unless the system was stopped meanwhile.
	 * @throws LocalSystemException if there is no state
	 */
	synchronized void update(UnaryOperator<SystemState> change) {
		locked(() -> write(change.apply(read().orElseThrow(
				() -> new LocalSystemException("The system was stopped meanwhile. Start it with './dev up'.")))));
	}

	synchronized void delete() {
		locked(() -> Files.deleteIfExists(file));
	}

	private void write(SystemState state) throws IOException {
		Path unfinished = file.resolveSibling("state.json.unfinished");
		Files.writeString(unfinished, JSON.writeValueAsString(state));
		Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private void locked(Change change) {
		try {
			Files.createDirectories(file.getParent());
			try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
					FileLock lock = channel.lock()) {
				lock.channel();
				change.apply();
			}
		}
		catch (IOException ex) {
			throw new LocalSystemException(
					"%s cannot be written (%s). Make room on the disk or choose another folder with --state."
						.formatted(file, firstLine(ex)),
					ex);
		}
	}

	private static String firstLine(Exception ex) {
		return String.valueOf(ex.getMessage()).lines().findFirst().orElse("");
	}

	/** What happens under the lock. */
	@FunctionalInterface
	private interface Change {

		void apply() throws IOException;

	}

}
