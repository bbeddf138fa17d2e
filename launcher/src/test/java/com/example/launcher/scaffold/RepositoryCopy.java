package com.example.launcher.scaffold;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.Programs;

/**
 * A copy of this repository with a history of its own.
 */
public record RepositoryCopy(Path root) {

	private static final Path ORIGINAL = Path.of("..").toAbsolutePath().normalize();

	private static final Set<String> LEFT_OUT = Set.of(".git", ".dev", "target", ".idea");

	public static RepositoryCopy in(Path folder) throws IOException {
		Files.walkFileTree(ORIGINAL, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
				if (LEFT_OUT.contains(visited.getFileName().toString())) {
					return FileVisitResult.SKIP_SUBTREE;
				}
				Files.createDirectories(folder.resolve(ORIGINAL.relativize(visited)));
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				if (attributes.isRegularFile() && !file.endsWith(".git")) {
					Files.copy(file, folder.resolve(ORIGINAL.relativize(file)));
				}
				return FileVisitResult.CONTINUE;
			}

		});
		RepositoryCopy copy = new RepositoryCopy(folder);
		copy.git("init", "-q");
		copy.commit();
		return copy;
	}

	public Workspace workspace() {
		return new Workspace(root);
	}

	public void commit() {
		git("add", "-A");
		git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "test");
	}

	public String git(String... arguments) {
		List<String> command = new ArrayList<>(List.of("git"));
		command.addAll(List.of(arguments));
		return Programs.run(command, Map.of(), root);
	}

	/** Lines that have what a Perl expression describes, each behind its file's name. */
	List<String> grep(String expression, String... files) {
		StringBuilder found = new StringBuilder();
		Programs.run(List.of("git", "grep", "--untracked", "-P", expression), root,
				(line) -> found.append(line).append('\n'));
		return found.toString().lines().toList();
	}

	void write(String file, String text) throws IOException {
		Files.writeString(root.resolve(file), text);
	}

	public String read(String file) throws IOException {
		return Files.readString(root.resolve(file));
	}

}
