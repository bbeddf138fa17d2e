package com.example.configserver.history;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives a hint at each change in a folder, as far as the file system tells of it: one
 * that is mounted from elsewhere may not.
 */
final class FolderWatch implements AutoCloseable {

	private static final Log log = LogFactory.getLog(FolderWatch.class);

	private static final WatchEvent.Kind<?>[] ANY_CHANGE = { StandardWatchEventKinds.ENTRY_CREATE,
			StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE };

	private final Path folder;

	private final Runnable hint;

	private final @Nullable WatchService service;

	private volatile @Nullable WatchKey root;

	/**
	 * Starts watching, with a thread of its own.
	 * @param hint called by that thread; must not block
	 */
	FolderWatch(Path folder, Runnable hint) {
		this.folder = folder;
		this.hint = hint;
		this.service = open(folder);
		if (service != null) {
			WatchService watched = service;
			watch(watched);
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
	 * Watches a folder again that was gone in between.
	 */
	void renew() {
		WatchKey key = root;
		if (service != null && (key == null || !key.isValid())) {
			watch(service);
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
				watchNewFolders(watched);
				hint.run();
			}
		}
		catch (ClosedWatchServiceException | InterruptedException ex) {
			log.debug("Watching " + folder + " has ended");
		}
	}

	// Known ones keep their key.
	private void watchNewFolders(WatchService watched) {
		try {
			watch(watched);
		}
		catch (ClosedWatchServiceException ex) {
			throw ex;
		}
		// What nobody has foreseen must not end the thread.
		catch (RuntimeException | Error ex) {
			log.error("Changes in folders below " + folder + " may be noticed by looking alone", ex);
		}
	}

	// Not hidden folders: what a projected volume keeps in one shows by a link beside it.
	private void watch(WatchService watched) {
		try {
			// The folder itself may be a link.
			Path start = folder.toRealPath();
			Files.walkFileTree(start, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
						throws IOException {
					if (!directory.equals(start) && Folder.isHidden(directory)) {
						return FileVisitResult.SKIP_SUBTREE;
					}
					WatchKey key = directory.register(watched, ANY_CHANGE);
					if (directory.equals(start)) {
						root = key;
					}
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
					return file.equals(start) ? super.visitFileFailed(file, ex) : FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			log.debug("Changes in " + folder + " are noticed by looking alone", ex);
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
			log.debug("The watch of " + folder + " cannot be closed", ex);
		}
	}

}
