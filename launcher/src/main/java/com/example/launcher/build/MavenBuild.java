package com.example.launcher.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.Programs;
import com.example.launcher.process.StoppedException;
import com.example.launcher.process.WriteFailure;
import org.jspecify.annotations.Nullable;

/**
 * Builds applications with one Maven call when a source changed, appeared or vanished
 * since they were built last.
 */
public final class MavenBuild {

	/** Folders whose files do not end up in an application. */
	private static final Set<String> IGNORED = Set.of("target", ".git", ".dev", ".idea", "node_modules");

	private final Workspace workspace;

	private final Path maven;

	private final Path fingerprints;

	/**
	 * @param state folder that remembers what was built
	 */
	public MavenBuild(Workspace workspace, Path state) {
		this(workspace, state, workspace.maven());
	}

	MavenBuild(Workspace workspace, Path state, Path maven) {
		this.workspace = workspace;
		this.maven = maven;
		this.fingerprints = state.resolve("built");
	}

	/**
	 * Builds those of some applications that are stale.
	 * @param applications names of the applications
	 * @param progress gets a line for each module
	 * @throws StoppedException if somebody interrupted it
	 * @throws LocalSystemException if the build fails; the message holds Maven's errors
	 */
	public void buildIfStale(List<String> applications, Consumer<String> progress) {
		try {
			Map<String, Fingerprint> stale = new LinkedHashMap<>();
			for (String application : applications) {
				Fingerprint now = fingerprint(application);
				if (!now.equals(built(application))) {
					stale.put(application, now);
				}
			}
			if (stale.isEmpty()) {
				return;
			}
			progress.accept("Building " + String.join(", ", stale.keySet()));
			build(stale.keySet(), progress);
			remember(stale);
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
	}

	private void remember(Map<String, Fingerprint> stale) {
		try {
			Files.createDirectories(fingerprints);
			for (Map.Entry<String, Fingerprint> built : stale.entrySet()) {
				Fingerprint made = new Fingerprint(built.getValue().code(), built.getValue().others(),
						jar(built.getKey()));
				Files.write(fingerprints.resolve(built.getKey()), List.of(made.code(), made.others(), made.jar()));
			}
		}
		catch (IOException ex) {
			throw WriteFailure.of(fingerprints, ex, WriteFailure.CLONE);
		}
	}

	private void build(Set<String> applications, Consumer<String> progress) {
		MavenRun run = MavenRun.of(command(applications), progress,
				(command, lines) -> Programs.run(command, workspace.root(), lines));
		if (run.exitCode() == MavenRun.INTERRUPTED) {
			throw new StoppedException();
		}
		if (run.exitCode() != 0) {
			throw new LocalSystemException("The build failed: " + run.failure());
		}
	}

	/**
	 * The image of an application as its sources are now, which is built if it is stale.
	 * @param images folder for all images
	 * @param progress gets a line for each step
	 * @throws LocalSystemException if the build fails; the message holds Maven's errors
	 */
	public ApplicationImage image(String application, Path images, Consumer<String> progress) {
		Path jar = workspace.jar(application, false);
		if (isCodeAllThatChanged(application)) {
			progress.accept("Compiling " + application);
			Optional<ApplicationImage> image = new CodeChange(code(application), jar, images).image();
			if (image.isPresent()) {
				return image.get();
			}
		}
		buildIfStale(List.of(application), progress);
		return ApplicationImage.unpacked(jar, images);
	}

	private boolean isCodeAllThatChanged(String application) {
		try {
			Fingerprint now = fingerprint(application);
			Fingerprint built = built(application);
			return built != null && !now.equals(built)
					&& now.equals(new Fingerprint(now.code(), built.others(), built.jar()))
					&& !Files.readString(pom(application)).contains("maven-compiler-plugin");
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
	}

	/** What it has the compiler do beyond the root pom.xml, only Maven knows. */
	private Path pom(String application) {
		return workspace.root().resolve(workspace.module(application)).resolve("pom.xml");
	}

	private Path code(String application) {
		return workspace.root().resolve(workspace.module(application)).resolve("src/main/java");
	}

	private @Nullable Fingerprint built(String application) throws IOException {
		Path file = fingerprints.resolve(application);
		List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
		return (lines.size() == 3) ? new Fingerprint(lines.get(0), lines.get(1), lines.get(2)) : null;
	}

	private String jar(String application) throws IOException {
		Path jar = workspace.jar(application, false);
		return Files.exists(jar) ? Files.getLastModifiedTime(jar).toString() : "";
	}

	private List<String> command(Set<String> applications) {
		List<String> modules = applications.stream().map(workspace::module).toList();
		return List.of(maven.toString(), "-B", "-Prun", "-Drun.folder=" + Workspace.RUN_FOLDER, "package", "-am", "-pl",
				String.join(",", modules));
	}

	private Fingerprint fingerprint(String application) throws IOException {
		Set<String> code = new TreeSet<>();
		Set<String> others = new TreeSet<>();
		for (Path source : sources(application)) {
			Files.walkFileTree(source, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
					return IGNORED.contains(folder.getFileName().toString()) || folder.endsWith("src/test")
							? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					(file.startsWith(code(application)) ? code : others).add(workspace.root().relativize(file) + " "
							+ attributes.size() + " " + attributes.lastModifiedTime().toMillis());
					return FileVisitResult.CONTINUE;
				}

			});
		}
		return new Fingerprint(checksum(code), checksum(others), jar(application));
	}

	private static String checksum(Set<String> lines) {
		CRC32 checksum = new CRC32();
		lines.forEach((line) -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
		return lines.size() + " files, " + Long.toHexString(checksum.getValue());
	}

	private static LocalSystemException unreadable(IOException ex) {
		return new LocalSystemException("The sources cannot be read (%s).".formatted(ex), ex);
	}

	/**
	 * Path, size and time of every file that can change an application.
	 *
	 * @param code its Java sources
	 * @param others all others, also of other modules
	 * @param jar when its jar was written, empty without one: a build that fails may have
	 * done so
	 */
	private record Fingerprint(String code, String others, String jar) {

	}

	private List<Path> sources(String application) {
		return Stream.of("pom.xml", ".mvn", "contracts", "config-centre", "starters", workspace.module(application))
			.map(workspace.root()::resolve)
			.filter(Files::exists)
			.toList();
	}

}
