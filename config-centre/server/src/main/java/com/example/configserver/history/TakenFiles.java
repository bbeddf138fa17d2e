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
import java.util.SortedMap;
import java.util.TreeMap;

import com.example.configserver.history.Folder.Stamp;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder as they were taken over into the history. What cannot be read
 * stays as it was, and keeps no other file from being taken over. Immutable.
 *
 * @param files what is known of each, by name
 * @param hidden contents of files in folders that cannot be opened
 * @param obstacles names of what cannot be read, with the reasons
 */
record TakenFiles(SortedMap<String, Known> files, SortedMap<String, ObjectId> hidden, List<String> obstacles) {

	static final TakenFiles NONE = new TakenFiles(new TreeMap<>(), new TreeMap<>(), List.of());

	/**
	 * Takes files over that differ from what is known.
	 * @param stamps what is there
	 * @param before contents that stay where nothing can be read
	 * @param sureBefore what was changed later may have changed once more unseen
	 * @return {@code null} if something changed meanwhile
	 * @throws IOException if the history cannot be written
	 */
	@Nullable TakenFiles take(Folder folder, ObjectInserter inserter, SortedMap<String, Stamp> stamps,
			SortedMap<String, ObjectId> before, Instant sureBefore) throws IOException {
		SortedMap<String, Known> taken = new TreeMap<>();
		SortedMap<String, ObjectId> inUnreadable = new TreeMap<>();
		List<String> reasons = new ArrayList<>();
		for (Map.Entry<String, Stamp> file : stamps.entrySet()) {
			String name = file.getKey();
			Stamp stamp = file.getValue();
			String obstacle = stamp.obstacle();
			if (obstacle == null) {
				try {
					taken.put(name, new Known(stamp, insert(folder, name, stamp, inserter),
							stamp.modified().toInstant().isBefore(sureBefore)));
					continue;
				}
				catch (NoSuchFileException | EOFException ex) {
					return null;
				}
				catch (IOException ex) {
					obstacle = "cannot be taken over (" + reason(ex) + ")";
				}
			}
			// That it can be read again may not show.
			taken.put(name, new Known(stamp, before.get(name), stamp.obstacle() != null));
			if (name.endsWith("/")) {
				inUnreadable.putAll(before.subMap(name, name + Character.MAX_VALUE));
			}
			reasons.add(name + " " + obstacle);
		}
		inserter.flush();
		return new TakenFiles(taken, inUnreadable, List.copyOf(reasons));
	}

	private ObjectId insert(Folder folder, String name, Stamp stamp, ObjectInserter inserter) throws IOException {
		Known before = files.get(name);
		if (before != null && before.content() != null && before.stamp().equals(stamp)) {
			if (before.isSure()) {
				return before.content();
			}
			try (InputStream content = folder.read(name)) {
				if (inserter.idFor(Constants.OBJ_BLOB, stamp.size(), content).equals(before.content())) {
					return before.content();
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

	SortedMap<String, ObjectId> contents() {
		SortedMap<String, ObjectId> contents = new TreeMap<>(hidden);
		files.forEach((name, file) -> {
			if (file.content() != null) {
				contents.put(name, file.content());
			}
		});
		return contents;
	}

	/**
	 * Tells whether nothing has changed, as far as that shows.
	 */
	boolean isAs(SortedMap<String, Stamp> stamps) {
		return files.keySet().equals(stamps.keySet()) && files.entrySet()
			.stream()
			.allMatch((file) -> file.getValue().stamp().equals(stamps.get(file.getKey())));
	}

	/**
	 * Tells whether a change of any file would show.
	 */
	boolean isSure() {
		return files.values().stream().allMatch(Known::isSure);
	}

	@Nullable Stamp stamp(String name) {
		Known file = files.get(name);
		return (file != null) ? file.stamp() : null;
	}

	/**
	 * A file that was taken over.
	 *
	 * @param content {@code null} where nothing could ever be read
	 * @param isSure whether another content would show another stamp
	 */
	record Known(Stamp stamp, @Nullable ObjectId content, boolean isSure) {
	}

}
