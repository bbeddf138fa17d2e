package com.example.configserver.history;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import com.example.configserver.history.Folder.Stamp;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder as they were taken over into the history, as git's index is for a
 * working tree. What cannot be read stays as it was, and keeps no other file from being
 * taken over. Immutable.
 *
 * @param stamps what each file was like
 * @param contents ids of the contents, also of what could not be read this time
 * @param racy names of files of which another content might show the same stamp
 * @param unreadable names of what cannot be read, with the reasons
 */
record FolderIndex(SortedMap<String, Stamp> stamps, SortedMap<String, ObjectId> contents, Set<String> racy,
		List<String> unreadable) {

	static final FolderIndex EMPTY = new FolderIndex(new TreeMap<>(), new TreeMap<>(), Set.of(), List.of());

	/**
	 * Tells whether nothing has changed, and a change would show.
	 */
	boolean isUpToDate(SortedMap<String, Stamp> present) {
		return racy.isEmpty() && stamps.equals(present);
	}

	/**
	 * Takes files over that differ from what is known.
	 * @param present what is there
	 * @param before contents that stay where nothing can be read
	 * @param racyFrom what was changed later may have changed once more unseen
	 * @return {@code null} if something changed meanwhile
	 * @throws IOException if the history cannot be written
	 */
	@Nullable FolderIndex update(Folder folder, ObjectInserter inserter, SortedMap<String, Stamp> present,
			SortedMap<String, ObjectId> before, Instant racyFrom) throws IOException {
		SortedMap<String, ObjectId> taken = new TreeMap<>();
		Set<String> unsure = new TreeSet<>();
		List<String> reasons = new ArrayList<>();
		for (Map.Entry<String, Stamp> file : present.entrySet()) {
			String name = file.getKey();
			Stamp stamp = file.getValue();
			String obstacle = stamp.obstacle();
			if (obstacle == null) {
				try {
					taken.put(name, insert(folder, name, stamp, inserter));
					if (!stamp.modified().toInstant().isBefore(racyFrom)) {
						unsure.add(name);
					}
					continue;
				}
				catch (NoSuchFileException | EOFException ex) {
					return null;
				}
				catch (IOException ex) {
					obstacle = "cannot be taken over (" + reason(ex) + ")";
					// That it can be read again may not show.
					unsure.add(name);
				}
			}
			// The name of a folder ends with a slash.
			String end = name.endsWith("/") ? name + Character.MAX_VALUE : name + '\0';
			taken.putAll(before.subMap(name, end));
			reasons.add(name + " " + obstacle);
		}
		inserter.flush();
		return new FolderIndex(present, taken, unsure, List.copyOf(reasons));
	}

	private ObjectId insert(Folder folder, String name, Stamp stamp, ObjectInserter inserter) throws IOException {
		ObjectId known = stamp.equals(stamps.get(name)) ? contents.get(name) : null;
		if (known != null) {
			if (!racy.contains(name)) {
				return known;
			}
			try (InputStream content = folder.read(name)) {
				if (inserter.idFor(Constants.OBJ_BLOB, stamp.size(), content).equals(known)) {
					return known;
				}
			}
		}
		try (InputStream content = folder.read(name)) {
			return inserter.insert(Constants.OBJ_BLOB, stamp.size(), content);
		}
	}

	private static String reason(IOException ex) {
		return (ex instanceof AccessDeniedException) ? "the user that runs the server may not read it"
				: String.valueOf(ex.getMessage());
	}

}
