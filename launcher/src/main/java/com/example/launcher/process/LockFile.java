package com.example.launcher.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file whose lock one thread of one process holds at a time. Thread-safe; the holder
 * may take the lock of another file meanwhile.
 *
 * @param file the file, created when it is not there
 */
public record LockFile(Path file) {

	/** Does something while no other process does anything under this lock. */
	public void hold(Action action) throws IOException {
		// Java refuses a second lock of one process instead of waiting for the first.
		synchronized (LockFile.class) {
			Files.createDirectories(file.toAbsolutePath().getParent());
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
					FileLock lock = channel.lock()) {
				lock.channel();
				action.run();
			}
		}
	}

	/** What happens under the lock. */
	@FunctionalInterface
	public interface Action {

		void run() throws IOException;

	}

}
