package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Whole folders.
 */
public final class Folders {

	private Folders() {
	}

	/**
	 * Does work in a new folder, which is deleted at the end. Those that processes have
	 * left which ended before they could delete them are deleted, too.
	 * @param parent where, created if it is not there
	 * @param prefix what the name of the folder starts with
	 * @return what the work returns
	 */
	public static Path inUnfinished(Path parent, String prefix, Work work) throws IOException {
		Path folder = unfinished(parent, prefix);
		try {
			return work.in(folder);
		}
		finally {
			delete(folder);
		}
	}

	static Path unfinished(Path parent, String prefix) throws IOException {
		Files.createDirectories(parent);
		Pattern name = Pattern.compile(Pattern.quote(prefix) + "-(\\d+)-(\\d+)-.*");
		try (Stream<Path> entries = Files.list(parent)) {
			for (Path entry : (Iterable<Path>) entries::iterator) {
				Matcher matcher = name.matcher(entry.getFileName().toString());
				if (matcher.matches()
						&& !new ProcessIdentity(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
							.isAlive()) {
					delete(entry);
				}
			}
		}
		ProcessIdentity owner = ProcessIdentity.current();
		return Files.createTempDirectory(parent, "%s-%d-%d-".formatted(prefix, owner.pid(), owner.startTime()));
	}

	/**
	 * Gives a finished folder its name in one step, so that other processes see all of it
	 * or nothing. One that another process has finished meanwhile stays.
	 * @return the folder of that name
	 */
	public static Path publish(Path finished, Path target) throws IOException {
		try {
			Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (FileSystemException ex) {
			if (!Files.isDirectory(target)) {
				throw ex;
			}
		}
		return target;
	}

	/**
	 * Writes a file in one step: other processes see what it was or what it is now, and a
	 * full disk leaves what it was.
	 */
	public static void replace(Path file, String text) throws IOException {
		Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
		try {
			Files.writeString(unfinished, text);
			Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(unfinished);
		}
	}

	/**
	 * Deletes a folder with all it holds; one that is not there is fine, also when
	 * another process deletes it at the same time. Links are not followed.
	 */
	public static void delete(Path folder) throws IOException {
		if (!Files.exists(folder)) {
			return;
		}
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Files.deleteIfExists(file);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
				if (ex instanceof NoSuchFileException) {
					return FileVisitResult.CONTINUE;
				}
				throw ex;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) throws IOException {
				if (ex != null) {
					throw ex;
				}
				Files.deleteIfExists(visited);
				return FileVisitResult.CONTINUE;
			}

		});
	}

	/** What is done in a folder. */
	@FunctionalInterface
	public interface Work {

		Path in(Path folder) throws IOException;

	}

}
