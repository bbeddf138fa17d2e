package com.example.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.process.Await;
import com.example.launcher.process.Folders;
import com.example.launcher.process.ProcessIdentity;

/**
 * The server processes of this JVM and their folders, which are both gone when it ends. A
 * folder carries its JVM's identity in its name, and its process's in a file, so that the
 * next JVM can remove what a killed one left behind. Thread-safe.
 */
final class TestProcesses {

	private static final String IDENTITY_FILE = "process";

	private static final Duration GRACE = Duration.ofSeconds(10);

	private static final Path PARENT = Path.of(System.getProperty("java.io.tmpdir"),
			"platform-test-" + System.getProperty("user.name"));

	private static final Path FOLDER = PARENT.resolve(format(ProcessIdentity.current()));

	private static final List<Runnable> STOPS = new CopyOnWriteArrayList<>();

	private static final AtomicInteger USERS = new AtomicInteger();

	static {
		removeWhatKilledJvmsLeft();
		Runtime.getRuntime().addShutdownHook(new Thread(TestProcesses::stopAll, "stop-test-servers"));
	}

	private TestProcesses() {
	}

	/** A new folder for a server. */
	static Path folder(String name) {
		try {
			return Files.createDirectories(FOLDER.resolve(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Has a server stopped when this JVM ends. */
	static void stopAtExit(Path folder, ProcessIdentity process, ProcessIdentity.Signal signal) {
		STOPS.add(() -> process.stop(signal, GRACE));
		try {
			Files.writeString(folder.resolve(IDENTITY_FILE), format(process));
		}
		catch (IOException ex) {
			process.stop(signal, GRACE);
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Keeps the servers running at JVM exit until {@link #release()}: an application
	 * context closes at the same time and still talks to them.
	 */
	static void retain() {
		USERS.incrementAndGet();
	}

	/** Ends one {@link #retain()}. */
	static void release() {
		USERS.decrementAndGet();
	}

	private static void stopAll() {
		Await.until(GRACE, Duration.ofMillis(20), () -> USERS.get() == 0);
		STOPS.parallelStream().forEach(Runnable::run);
		delete(FOLDER);
	}

	private static void removeWhatKilledJvmsLeft() {
		for (Path folder : list(PARENT)) {
			ProcessIdentity owner = parse(folder.getFileName().toString());
			if (!owner.isAlive()) {
				list(folder).forEach(TestProcesses::killLeftOver);
				delete(folder);
			}
		}
	}

	private static void killLeftOver(Path folder) {
		Path file = folder.resolve(IDENTITY_FILE);
		if (Files.exists(file)) {
			try {
				parse(Files.readString(file)).stop(ProcessIdentity.Signal.INT, GRACE);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static List<Path> list(Path folder) {
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
			List<Path> list = new CopyOnWriteArrayList<>();
			entries.forEach(list::add);
			return list;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void delete(Path folder) {
		try {
			Folders.delete(folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String format(ProcessIdentity identity) {
		return identity.pid() + "-" + identity.startTime();
	}

	private static ProcessIdentity parse(String text) {
		int dash = text.indexOf('-');
		return new ProcessIdentity(Long.parseLong(text, 0, dash, 10),
				Long.parseLong(text, dash + 1, text.length(), 10));
	}

}
