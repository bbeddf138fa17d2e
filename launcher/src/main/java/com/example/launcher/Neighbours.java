package com.example.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.LockFile;
import com.example.launcher.process.WriteFailure;

/**
 * The other systems of this user on this machine, from other clones or with other state
 * folders. The ports of each are its own from the moment they are chosen, also while an
 * instance is not started yet, or is stopped: nothing listens there then. Thread-safe.
 */
final class Neighbours {

	private final Path own;

	private final Path list;

	/**
	 * @param own state folder of this system
	 * @param shared folder for what all systems of the user share
	 */
	Neighbours(Path own, Path shared) {
		this.own = own;
		this.list = shared.resolve("systems");
	}

	/**
	 * Lets this system choose ports and note them in its state while no other does.
	 */
	void choose(Runnable choice) {
		try {
			new LockFile(list.resolveSibling("systems.lock")).hold(() -> {
				Set<String> folders = others().map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
				folders.add(own.toString());
				// Others read it without the lock.
				Folders.replace(list, String.join(System.lineSeparator(), folders));
				choice.run();
			});
		}
		catch (IOException ex) {
			throw WriteFailure.of(list, ex, WriteFailure.CACHE);
		}
	}

	/** Whether a port belongs to an instance of another system. */
	boolean have(int port) {
		return others().anyMatch((folder) -> has(folder, port));
	}

	/** The state folders of others that have a state. */
	private Stream<Path> others() {
		try {
			return !Files.exists(list) ? Stream.empty()
					: Files.readAllLines(list)
						.stream()
						.map(Path::of)
						.filter((folder) -> Files.exists(folder.resolve(StateFile.NAME)))
						.filter(Predicate.not(own::equals));
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be read (%s). Delete it.".formatted(list, ex), ex);
		}
	}

	private static boolean has(Path folder, int port) {
		try {
			return new StateFile(folder).read()
				.filter(SystemState::anythingAlive)
				.filter((state) -> state.ports().anyMatch((used) -> used == port))
				.isPresent();
		}
		catch (LocalSystemException ex) {
			// Whoever cannot be asked still keeps those ports on which it listens.
			return false;
		}
	}

}
