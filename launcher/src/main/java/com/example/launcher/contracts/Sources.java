package com.example.launcher.contracts;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.example.launcher.process.LocalSystemException;

/**
 * The main sources of all modules. What is built and what runs is not looked at: files
 * come and go there.
 */
final class Sources {

	private static final Set<String> LEFT_OUT = Set.of(".git", ".dev", "target", "node_modules");

	private Sources() {
	}

	/** The files, in the order of their paths. */
	static List<Path> in(Path root) {
		List<Path> files = new ArrayList<>();
		try {
			Files.walkFileTree(root, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
					return LEFT_OUT.contains(String.valueOf(folder.getFileName())) ? FileVisitResult.SKIP_SUBTREE
							: FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					if (file.toString().replace('\\', '/').contains("/src/main/")) {
						files.add(file);
					}
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
		return files.stream().sorted().toList();
	}

	static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
	}

	private static LocalSystemException unreadable(IOException ex) {
		return new LocalSystemException("The sources cannot be read (%s).".formatted(ex), ex);
	}

}
