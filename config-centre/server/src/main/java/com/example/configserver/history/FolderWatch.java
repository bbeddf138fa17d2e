package com.example.configserver.history;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;

import com.example.configserver.history.Folder.Stamp;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives a hint at each change in a folder, as far as the file system tells of it: one
 * that is mounted from elsewhere may not.
 */
final class FolderWatch implements AutoCloseable {

	private static final Log log = LogFactory.getLog(FolderWatch.class);

	private final Folder folder;

	private final Runnable hint;

	private final @Nullable WatchService service;

	// After each change there may be new folders in it, or another one in its place.
	private final AtomicBoolean isOutdated = new AtomicBoolean(true);

	/**
	 * Starts watching, with a thread of its own, what is found by {@link #look()}.
	 * @param hint called by that thread; must not block
	 */
	FolderWatch(Folder folder, Runnable hint) {
		this.folder = folder;
		this.hint = hint;
		this.service = open(folder.path());
		if (service != null) {
			WatchService watched = service;
			Thread thread = new Thread(() -> follow(watched), "config-watch");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private static @Nullable WatchService open(Path folder) {
		try {
			return folder.getFileSystem().newWatchService();
		}
		catch (IOException | UnsupportedOperationException ex) {
			log.debug("The file system tells of no changes in " + folder, ex);
			return null;
		}
	}

	/**
	 * Looks at all files, and watches the folders that they are in.
	 * @throws IOException as {@link Folder#look} does
	 */
	SortedMap<String, Stamp> look() throws IOException {
		// Before, since what changes meanwhile is to be found the next time.
		boolean isRenewed = isOutdated.getAndSet(false);
		try {
			return folder.look(isRenewed ? this::watch : (known) -> {
			});
		}
		catch (IOException ex) {
			isOutdated.set(true);
			throw ex;
		}
	}

	// What is watched already keeps its key.
	private void watch(Path directory) {
		try {
			if (service != null) {
				directory.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
						StandardWatchEventKinds.ENTRY_DELETE);
			}
		}
		catch (IOException | RuntimeException ex) {
			isOutdated.set(true);
			log.debug("Changes in " + directory + " are noticed by looking alone; watching it is tried again", ex);
		}
	}

	private void follow(WatchService watched) {
		try {
			while (true) {
				WatchKey key = watched.take();
				// What changed is found by looking; that something was missed does not
				// matter.
				key.pollEvents();
				key.reset();
				isOutdated.set(true);
				hint.run();
			}
		}
		catch (ClosedWatchServiceException | InterruptedException ex) {
			log.debug("Watching " + folder.path() + " has ended");
		}
	}

	@Override
	public void close() {
		try {
			if (service != null) {
				service.close();
			}
		}
		catch (IOException ex) {
			log.debug("The watch of " + folder.path() + " cannot be closed", ex);
		}
	}

}
