package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The room on a disk.
 */
public final class Disk {

	private static final long MIB = 1024 * 1024;

	/** With less, processes would start and then die one after the other. */
	private static final long LEAST = 100 * MIB;

	private Disk() {
	}

	/**
	 * Refuses to begin what would end in the middle.
	 * @param folder where something is to be written; it need not be there
	 * @throws LocalSystemException if there is too little room
	 */
	public static void requireRoom(Path folder) {
		Path existing = folder;
		while (!Files.exists(existing) && existing.getParent() != null) {
			existing = existing.getParent();
		}
		long free = free(existing);
		if (free < LEAST) {
			throw new LocalSystemException(
					"Only %d MiB are free for %s, and a start needs %d at least. Make room on that disk, or name a folder on another one with --state."
						.formatted(free / MIB, folder, LEAST / MIB));
		}
	}

	private static long free(Path folder) {
		try {
			return Files.getFileStore(folder).getUsableSpace();
		}
		catch (IOException ex) {
			// Not every file system tells. Whoever writes there will.
			return Long.MAX_VALUE;
		}
	}

}
