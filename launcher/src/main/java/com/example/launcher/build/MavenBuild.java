package com.example.launcher.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.Programs;
import com.example.launcher.process.StoppedException;

/**
 * Builds the applications with one Maven call when a source changed, appeared or vanished
 * since the last such build.
 */
public final class MavenBuild {

	/** A Ctrl-C reaches Maven too, and may end it before this JVM knows of it. */
	private static final int INTERRUPTED = 130;

	private static final Pattern MODULE = Pattern.compile("\\[INFO] Building (\\S+) .*\\[(\\d+)/(\\d+)]");

	private static final int DOWNLOADS_PER_LINE = 50;

	/** Folders whose files do not end up in an application. */
	private static final Set<String> IGNORED = Set.of("target", ".git", ".dev", ".idea", "node_modules");

	private final Workspace workspace;

	private final Path maven;

	private final Path fingerprintFile;

	/**
	 * @param state folder that remembers what was built
	 */
	public MavenBuild(Workspace workspace, Path state) {
		this(workspace, state, workspace.maven());
	}

	MavenBuild(Workspace workspace, Path state, Path maven) {
		this.workspace = workspace;
		this.maven = maven;
		this.fingerprintFile = state.resolve("build.fingerprint");
	}

	/**
	 * Builds if anything is stale.
	 * @param applications names of the applications
	 * @param progress gets a line for each module
	 * @throws StoppedException if somebody interrupted it
	 * @throws LocalSystemException if the build fails; the message holds Maven's errors
	 */
	public void buildIfStale(List<String> applications, Consumer<String> progress) {
		try {
			String fingerprint = fingerprint(applications);
			if (isBuilt(applications, fingerprint)) {
				return;
			}
			Files.deleteIfExists(fingerprintFile);
			progress.accept("Building " + String.join(", ", applications));
			Output output = new Output(progress);
			int exitCode = Programs.run(command(applications), workspace.root(), output);
			if (exitCode == INTERRUPTED) {
				throw new StoppedException();
			}
			if (exitCode != 0) {
				throw new LocalSystemException("The build failed. Correct this and try again:%n%s"
					.formatted(String.join(System.lineSeparator(), output.errors())));
			}
			Files.createDirectories(fingerprintFile.getParent());
			Files.writeString(fingerprintFile, fingerprint);
		}
		catch (IOException ex) {
			throw new LocalSystemException("The sources cannot be read (%s).".formatted(ex), ex);
		}
	}

	private boolean isBuilt(List<String> applications, String fingerprint) throws IOException {
		return applications.stream().map((name) -> workspace.jar(name, false)).allMatch(Files::exists)
				&& Files.exists(fingerprintFile) && Files.readString(fingerprintFile).equals(fingerprint);
	}

	private List<String> command(List<String> applications) {
		List<String> modules = applications.stream().map(workspace::module).toList();
		return List.of(maven.toString(), "-B", "-Prun", "-Drun.folder=" + Workspace.RUN_FOLDER, "package", "-am", "-pl",
				String.join(",", modules));
	}

	/** Path, size and time of every file that can change an application. */
	private String fingerprint(List<String> applications) throws IOException {
		Set<String> lines = new TreeSet<>();
		for (Path source : sources(applications)) {
			Files.walkFileTree(source, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
					return IGNORED.contains(folder.getFileName().toString()) || folder.endsWith("src/test")
							? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					lines.add(workspace.root().relativize(file) + " " + attributes.size() + " "
							+ attributes.lastModifiedTime().toMillis());
					return FileVisitResult.CONTINUE;
				}

			});
		}
		CRC32 checksum = new CRC32();
		lines.forEach((line) -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
		return lines.size() + " files, " + Long.toHexString(checksum.getValue());
	}

	private List<Path> sources(List<String> applications) {
		Stream<String> names = Stream.concat(Stream.of("pom.xml", ".mvn", "contracts", "config-centre", "starters"),
				applications.stream().map(workspace::module));
		return names.map(workspace.root()::resolve).filter(Files::exists).toList();
	}

	/** Maven's output: modules and downloads are told as they come, errors at the end. */
	private static final class Output implements Consumer<String> {

		private final Consumer<String> progress;

		private final List<String> errors = new ArrayList<>();

		private int downloads;

		Output(Consumer<String> progress) {
			this.progress = progress;
		}

		@Override
		public void accept(String line) {
			Matcher module = MODULE.matcher(line);
			if (module.matches()) {
				progress.accept("  %s (%s of %s)".formatted(module.group(1), module.group(2), module.group(3)));
			}
			else if (line.contains("Downloaded from") && ++downloads % DOWNLOADS_PER_LINE == 0) {
				progress.accept("  Maven has downloaded " + downloads + " files");
			}
			else if (line.startsWith("[ERROR]") || (!line.startsWith("[") && !line.contains("Download"))) {
				errors.add(line);
			}
		}

		List<String> errors() {
			return errors;
		}

	}

}
