package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why something cannot be written, and what to do about it.
 */
public final class WriteFailure {

	/** For what is written into the repository. */
	public static final String CLONE = "Clone the repository into a folder of your own.";

	/** For what is written into the state folder. */
	public static final String STATE = "Clone the repository into a folder of your own, or name another folder with --state.";

	/** For what all systems of a user share. */
	public static final String CACHE = "Make it yours, or set XDG_CACHE_HOME to a folder of your own.";

	private static final Pattern FULL = Pattern
		.compile("(?i)no space left on device|disk quota exceeded|not enough space on the disk");

	private static final Pattern READ_ONLY = Pattern.compile("(?i)read-only file system");

	private static final Pattern NO_FOLDER = Pattern.compile("(?i)not a directory");

	private WriteFailure() {
	}

	/**
	 * The failure in words.
	 * @param what file or folder that was to be written
	 * @param elsewhere what to do where nothing may be written
	 */
	public static LocalSystemException of(Path what, IOException ex, String elsewhere) {
		return new LocalSystemException("%s cannot be written: %s".formatted(what, reason(what, ex, elsewhere)), ex);
	}

	/** Whether it was writing that failed, not for example the network. */
	public static boolean is(IOException ex) {
		return ex instanceof FileSystemException || found(FULL, ex);
	}

	private static String reason(Path what, IOException ex, String elsewhere) {
		if (found(FULL, ex)) {
			return "the disk is full. Make room.";
		}
		if (found(READ_ONLY, ex)) {
			return "the file system is read-only. " + elsewhere;
		}
		if (ex instanceof AccessDeniedException) {
			return "%s may not write there%s. %s".formatted(System.getProperty("user.name"), owner(what), elsewhere);
		}
		if (ex instanceof FileAlreadyExistsException || found(NO_FOLDER, ex)) {
			return fileOnTheWay(what).map((file) -> "%s is a file, not a folder. Delete it.".formatted(file))
				.orElseGet(ex::toString);
		}
		return "%s. Check the disk.".formatted(ex);
	}

	private static String owner(Path what) {
		return upwards(what).filter(Files::exists).findFirst().flatMap((existing) -> {
			try {
				return Optional.of(", %s belongs to %s".formatted(existing, Files.getOwner(existing).getName()));
			}
			catch (IOException | UnsupportedOperationException ex) {
				return Optional.empty();
			}
		}).orElse("");
	}

	private static Optional<Path> fileOnTheWay(Path what) {
		return upwards(what).filter(Files::isRegularFile).findFirst();
	}

	private static Stream<Path> upwards(Path path) {
		return Stream.iterate(path, (step) -> step != null, Path::getParent);
	}

	private static boolean found(Pattern pattern, IOException ex) {
		return pattern.matcher(String.valueOf(ex)).find();
	}

}
