package com.example.configserver.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

import org.eclipse.jgit.lib.ObjectLoader;
import org.jspecify.annotations.Nullable;

/**
 * A folder of configuration files, which people and programs change while it is read.
 * Links to files are followed, so that the files of a projected volume count; links to
 * folders are not.
 */
class Folder {

	private final Path path;

	/**
	 * Names a folder.
	 * @throws IllegalArgumentException if it does not exist
	 */
	Folder(Path path) {
		this.path = path.toAbsolutePath().normalize();
		if (!Files.isDirectory(path)) {
			throw new IllegalArgumentException("The configuration folder " + this.path
					+ " does not exist. Start in the project's root, or name the folder by"
					+ " PLATFORM_CONFIG_SERVER_DIRECTORY.");
		}
	}

	Path path() {
		return path;
	}

	/**
	 * Looks at all files without reading any. What is named like a configuration file and
	 * is none, and folders that cannot be read, are among them, with a stamp that says
	 * why.
	 * @param folders gets each folder before it is read; hidden ones are not: what a
	 * projected volume keeps in one shows by a link beside it
	 * @return equal to an earlier look while nothing has changed, as far as that shows
	 * @throws IOException if the folder is gone or cannot be read, or holds too many
	 * files
	 */
	SortedMap<String, Stamp> look(Consumer<Path> folders) throws IOException {
		SortedMap<String, Stamp> stamps = new TreeMap<>();
		look(path, "", stamps, folders);
		return stamps;
	}

	private void look(Path folder, String prefix, SortedMap<String, Stamp> stamps, Consumer<Path> folders)
			throws IOException {
		folders.accept(folder);
		try (DirectoryStream<Path> files = Files.newDirectoryStream(folder,
				(file) -> !file.getFileName().toString().startsWith("."))) {
			for (Path file : files) {
				String name = prefix + file.getFileName();
				if (ConfigurationFiles.include(name)) {
					Stamp stamp = stamp(file, name);
					if (stamp != null) {
						stamps.put(name, stamp);
					}
					if (stamps.size() > History.MOST_FILES) {
						throw new IOException("more than " + History.MOST_FILES + " files");
					}
				}
				else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
					lookInside(file, name + "/", stamps, folders);
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	private void lookInside(Path folder, String prefix, SortedMap<String, Stamp> stamps, Consumer<Path> folders)
			throws IOException {
		try {
			look(folder, prefix, stamps, folders);
		}
		catch (NoSuchFileException ex) {
			// It may have been deleted since its parent was read.
		}
		catch (FileSystemException ex) {
			stamps.put(prefix, Stamp.unreadable("cannot be opened: may the user that runs the server read it?"));
		}
	}

	private @Nullable Stamp stamp(Path file, String name) throws IOException {
		if (name.indexOf('\uFFFD') >= 0 || !Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
			return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
					? Stamp.unreadable("has a name that is no text in UTF-8") : null;
		}
		try {
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
			if (attributes.isRegularFile()) {
				return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
			}
			return Stamp.unreadable(attributes.isDirectory() ? "is a folder" : "is no file");
		}
		catch (NoSuchFileException ex) {
			return Files.isSymbolicLink(file) ? Stamp.unreadable("is a link to what does not exist") : null;
		}
		catch (FileSystemException ex) {
			return Stamp.unreadable("cannot be read (" + ex.getReason() + ")");
		}
	}

	InputStream read(String name) throws IOException {
		return Files.newInputStream(path.resolve(name));
	}

	/**
	 * Tells who owns a file.
	 */
	String owner(String name) throws IOException {
		return Files.getOwner(path.resolve(name)).getName();
	}

	/**
	 * Replaces a file at once, unless it has changed.
	 * @param seen what it was like; {@code null} if it did not exist
	 */
	void write(String name, @Nullable Stamp seen, ObjectLoader content) throws IOException {
		Path file = path.resolve(name);
		if (seen != null) {
			// What is linked is replaced, not the link.
			file = file.toRealPath();
		}
		Path parent = Files.createDirectories(file.resolveSibling(""));
		Path temporary = parent.resolve("." + file.getFileName() + "." + UUID.randomUUID());
		try {
			try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
				content.copyTo(out);
			}
			giveTo(temporary, (seen != null) ? file : parent, seen != null);
			if (isAsSeen(name, seen)) {
				Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
			}
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	/**
	 * Deletes a file unless it has changed.
	 */
	void delete(String name, @Nullable Stamp seen) throws IOException {
		if (isAsSeen(name, seen)) {
			Files.deleteIfExists(path.resolve(name));
		}
	}

	private boolean isAsSeen(String name, @Nullable Stamp seen) throws IOException {
		Stamp stamp = stamp(path.resolve(name), name);
		return (stamp != null) ? stamp.equals(seen) : seen == null;
	}

	// A server that runs as root must not lock the people out who edit the files.
	private static void giveTo(Path file, Path model, boolean withPermissions) throws IOException {
		PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
		if (view == null) {
			return;
		}
		PosixFileAttributes own = view.readAttributes();
		PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
		if (withPermissions) {
			view.setPermissions(wanted.permissions());
		}
		if (!own.group().equals(wanted.group())) {
			view.setGroup(wanted.group());
		}
		if (!own.owner().equals(wanted.owner())) {
			view.setOwner(wanted.owner());
		}
	}

	/**
	 * What tells two versions of a file apart without reading them.
	 */
	record Stamp(FileTime modified, long size, @Nullable Object key) {

		private static final long NONE = -1;

		static Stamp unreadable(String reason) {
			return new Stamp(FileTime.from(Instant.EPOCH), NONE, reason);
		}

		/** Why there is nothing to read; null if there is. */
		@Nullable String obstacle() {
			return (size == NONE) ? (String) key : null;
		}

	}

}
