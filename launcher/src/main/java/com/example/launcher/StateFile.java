package com.example.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.LockFile;
import com.example.launcher.process.WriteFailure;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code state.json}: read and replaced as a whole, under a lock that other launchers
 * respect. Thread-safe.
 */
final class StateFile {

	static final String NAME = "state.json";

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(SerializationFeature.INDENT_OUTPUT)
		.changeDefaultVisibility((visibility) -> visibility.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
		// A file of an older launcher lacks what is new.
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private final Path folder;

	private final Path file;

	private final LockFile lock;

	StateFile(Path folder) {
		this.folder = folder;
		this.file = folder.resolve(NAME);
		this.lock = new LockFile(folder.resolve("state.lock"));
	}

	/**
	 * Whether a system was started and not stopped, even if nobody can read its state.
	 */
	boolean exists() {
		return Files.exists(file);
	}

	/**
	 * The state, empty when no system was started or it was stopped.
	 * @throws LocalSystemException if the file cannot be read
	 */
	Optional<SystemState> read() {
		try {
			SystemState state = JSON.readValue(Files.readString(file), SystemState.class);
			if (state == null) {
				throw new IOException("it is empty");
			}
			return Optional.of(state);
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (IOException | JacksonException ex) {
			if (Files.isRegularFile(folder)) {
				throw new LocalSystemException("%s is a file, not a folder. Delete it.".formatted(folder), ex);
			}
			throw new LocalSystemException(
					"%s cannot be read (%s). './dev down' stops what was started with it, then './dev up' starts anew."
						.formatted(file, firstLine(ex)),
					ex);
		}
	}

	/** The state as far as it can be read. */
	Optional<SystemState> readable() {
		try {
			return read();
		}
		catch (LocalSystemException ex) {
			return Optional.empty();
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
		List<Leftover> leftovers = Leftover.of(folder);
		if (!exists() && !leftovers.isEmpty()) {
			throw new LocalSystemException("%s is gone, but %s still run. './dev down' stops them.".formatted(file,
					String.join(", ", leftovers.stream().map(Leftover::instance).toList())));
		}
	}

	/**
	 * Writes the first state of a system.
	 * @throws LocalSystemException if another system runs
	 */
	void create(SystemState state) {
		locked(() -> {
			requireNothingRuns();
			write(state);
		});
	}

	/**
	 * Changes the state, unless the system was stopped meanwhile.
	 * @return the changed state
	 * @throws LocalSystemException if there is no state
	 */
	SystemState update(UnaryOperator<SystemState> change) {
		AtomicReference<SystemState> changed = new AtomicReference<>();
		locked(() -> {
			changed.set(change.apply(read().orElseThrow(
					() -> new LocalSystemException("The system was stopped meanwhile. Start it with './dev up'."))));
			write(changed.get());
		});
		return changed.get();
	}

	void delete() {
		locked(() -> Files.deleteIfExists(file));
	}

	private void write(SystemState state) throws IOException {
		Folders.replace(file, JSON.writeValueAsString(state));
	}

	private void locked(LockFile.Action change) {
		try {
			lock.hold(change);
		}
		catch (IOException ex) {
			throw WriteFailure.of(file, ex, WriteFailure.STATE);
		}
	}

	private static String firstLine(Exception ex) {
		return String.valueOf(ex.getMessage()).lines().findFirst().orElse("");
	}

}
