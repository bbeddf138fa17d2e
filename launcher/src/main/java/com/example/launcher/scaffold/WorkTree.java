package com.example.launcher.scaffold;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;
import com.example.launcher.process.StoppedException;

/**
 * The files of the repository that git tracks, and what is to become of them. Nothing is
 * written before {@link #apply}, which writes all or nothing.
 */
final class WorkTree {

	/** How a change is taken back, as long as nothing else was changed. */
	static final List<String> UNDO = List.of("git restore --staged --worktree :/", "git clean -fd :/");

	private final Workspace workspace;

	private final List<String> tracked;

	// By path; empty for a file that goes.
	private final Map<String, Optional<byte[]>> changes = new TreeMap<>();

	// Whether a file, as it is on disk, is one.
	private final Map<String, Boolean> texts = new HashMap<>();

	// Applied or taken back, which happens once.
	private boolean over;

	/**
	 * Reads which files there are.
	 * @throws LocalSystemException if this is no repository of git, or something is not
	 * committed
	 */
	WorkTree(Workspace workspace) {
		this.workspace = workspace;
		if (OperatingSystem.current().onPath("git").isEmpty()) {
			throw new LocalSystemException(
					"This needs git, which is not on the PATH: that is how a change is taken back. Install git.");
		}
		String status;
		try {
			status = git("status", "--porcelain", "--untracked-files=all");
			this.tracked = git("-c", "core.quotePath=false", "ls-files").lines().toList();
		}
		catch (LocalSystemException ex) {
			throw new LocalSystemException(
					"This needs git, and a repository of it: that is how a change is taken back. 'git init && git add . && git commit -m begin' makes one. ("
							+ String.valueOf(ex.getMessage()).lines().skip(1).findFirst().orElse("git says nothing")
							+ ")",
					ex);
		}
		if (!status.isBlank()) {
			throw new LocalSystemException(
					"Some changes are not committed: %s. Commit them, or 'git stash --include-untracked', so that this one can be taken back by itself."
						.formatted(
								String.join(", ", status.lines().map((line) -> line.substring(3)).limit(3).toList())));
		}
	}

	/** Paths of the tracked files below a folder or file. */
	List<String> files(String path) {
		return tracked.stream().filter((file) -> file.equals(path) || file.startsWith(path + "/")).toList();
	}

	/** Paths of the files that stay as they are or are edited. */
	List<String> remaining() {
		return tracked.stream().filter((file) -> !isGoing(file) && isText(file)).toList();
	}

	/** Paths of the tracked files that are no text. */
	List<String> binaries() {
		return tracked.stream().filter((file) -> isFile(file) && !isText(file)).toList();
	}

	private boolean isGoing(String file) {
		return changes.containsKey(file) && changes.getOrDefault(file, Optional.empty()).isEmpty();
	}

	boolean has(String path) {
		return !files(path).isEmpty();
	}

	/** Whether there was something, and nothing will be left. */
	boolean isGone(String path) {
		List<String> files = files(path);
		return !files.isEmpty() && files.stream().allMatch(this::isGoing);
	}

	String read(String path) {
		return new String(bytes(path), StandardCharsets.UTF_8);
	}

	private byte[] bytes(String path) {
		try {
			Optional<byte[]> changed = changes.get(path);
			return (changed != null) ? changed.orElseThrow() : Files.readAllBytes(workspace.root().resolve(path));
		}
		catch (IOException ex) {
			throw new LocalSystemException(
					"%s cannot be read (%s). Check who owns it, or 'git restore %s'.".formatted(path, ex, path), ex);
		}
	}

	void write(String path, String text) {
		changes.put(path, Optional.of(text.getBytes(StandardCharsets.UTF_8)));
	}

	void move(String path, String to) {
		byte[] content = bytes(path);
		changes.put(path, Optional.empty());
		changes.put(to, Optional.of(content));
	}

	void edit(String path, UnaryOperator<String> change) {
		String before = read(path);
		String after = change.apply(before);
		if (!after.equals(before)) {
			write(path, after);
		}
	}

	/** Takes a file out, or all files of a folder. */
	void delete(String path) {
		files(path).forEach((file) -> changes.put(file, Optional.empty()));
	}

	/**
	 * What is going to happen: a line for each file, for those that come or go by module.
	 */
	List<String> plan() {
		Map<String, Long> lines = new TreeMap<>();
		changes.forEach((file, text) -> {
			boolean edited = text.isPresent() && tracked.contains(file);
			String place = edited ? file : file.replaceFirst("/(src|v1)/.*|/[^/]*\\.(xml|md|proto)$", "/");
			lines.merge("%-6s %s".formatted(edited ? "edit" : text.isPresent() ? "create" : "delete", place), 1L,
					Long::sum);
		});
		return lines.entrySet()
			.stream()
			.map((line) -> line.getKey() + ((line.getValue() > 1) ? " (" + line.getValue() + " files)" : ""))
			.toList();
	}

	/**
	 * Writes the changes, then has what is written finished.
	 * @param finish for example the formatter
	 * @throws LocalSystemException if either fails; everything is as it was then, as it
	 * is if this JVM is told to end meanwhile
	 */
	void apply(Runnable finish) {
		Thread end = new Thread(this::stop, "undo");
		Runtime.getRuntime().addShutdownHook(end);
		try {
			for (Map.Entry<String, Optional<byte[]>> change : changes.entrySet()) {
				apply(workspace.root().resolve(change.getKey()), change.getValue());
			}
			finish.run();
			end();
		}
		catch (IOException ex) {
			takeBack();
			throw new LocalSystemException("A file cannot be written (%s). Nothing was changed.".formatted(ex), ex);
		}
		catch (RuntimeException ex) {
			takeBack();
			throw ex;
		}
		finally {
			forget(end);
		}
	}

	private static void forget(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			// It runs, or has run.
		}
	}

	private synchronized void apply(Path file, Optional<byte[]> content) throws IOException {
		requireGoingOn();
		if (content.isPresent()) {
			Files.createDirectories(file.getParent());
			Files.write(file, content.get());
		}
		else {
			Files.delete(file);
			deleteEmptyParents(file);
		}
	}

	private synchronized void end() {
		requireGoingOn();
		over = true;
	}

	private void requireGoingOn() {
		if (over) {
			throw new StoppedException();
		}
	}

	private synchronized void stop() {
		if (!over) {
			Programs.stopAll();
			takeBack();
		}
	}

	private synchronized void takeBack() {
		if (!over) {
			over = true;
			undo();
		}
	}

	private void undo() {
		git("restore", "--staged", "--worktree", ".");
		for (String path : changes.keySet()) {
			Path file = workspace.root().resolve(path);
			try {
				if (!tracked.contains(path) && Files.deleteIfExists(file)) {
					deleteEmptyParents(file);
				}
			}
			catch (IOException ex) {
				throw new LocalSystemException("%s cannot be deleted again (%s). Delete it.".formatted(file, ex), ex);
			}
		}
	}

	/** Links are left alone. */
	private boolean isFile(String file) {
		return Files.isRegularFile(workspace.root().resolve(file), LinkOption.NOFOLLOW_LINKS);
	}

	private boolean isText(String file) {
		return changes.containsKey(file)
				|| texts.computeIfAbsent(file, (unknown) -> isFile(file) && isText(bytes(file)));
	}

	/** As git tells, and as one can read it in UTF-8. */
	private static boolean isText(byte[] content) {
		for (byte one : content) {
			if (one == 0) {
				return false;
			}
		}
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	private void deleteEmptyParents(Path file) throws IOException {
		for (Path folder = file.getParent(); folder != null
				&& !folder.equals(workspace.root()); folder = folder.getParent()) {
			try (Stream<Path> entries = Files.list(folder)) {
				if (entries.findAny().isPresent()) {
					return;
				}
			}
			Files.delete(folder);
		}
	}

	private String git(String... arguments) {
		List<String> command = new ArrayList<>(List.of("git"));
		command.addAll(List.of(arguments));
		return Programs.run(command, Map.of(), workspace.root());
	}

}
