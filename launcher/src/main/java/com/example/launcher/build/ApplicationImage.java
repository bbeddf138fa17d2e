package com.example.launcher.build;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.LogFile;
import com.example.launcher.process.Programs;
import com.example.launcher.process.WriteFailure;
import org.jspecify.annotations.Nullable;

/**
 * An application unpacked for a fast start: its jar and libraries as plain files, and an
 * archive of the libraries' classes that a training run loaded. The folder is named after
 * the jar's content, so that a new build never touches what a running process uses. Every
 * instance runs in this folder, because the JVM ignores an archive whose paths differ.
 * The application comes last on the class path: its next build uses the same archive.
 */
public final class ApplicationImage {

	private static final int KEPT_PER_APPLICATION = 3;

	/** Arguments for the JVM: the class path and the main class. */
	private static final String START = "start";

	private static final String TRAINING = "lib/training.jar";

	private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

	private final String application;

	private final Path folder;

	private ApplicationImage(String application, Path folder) {
		this.application = application;
		this.folder = folder;
	}

	/** Whether an application can start from that folder. */
	public static boolean isIn(Path folder) {
		return Files.exists(folder.resolve(START));
	}

	/** The image that {@link #unpacked} has made in that folder before. */
	public static ApplicationImage in(Path folder, String application) {
		return new ApplicationImage(application, folder);
	}

	/**
	 * Unpacks an application if this very build was not unpacked before. Any number of
	 * processes may do so at once.
	 * @param jar executable jar of Spring Boot, named after the application
	 * @param images folder for all images
	 */
	public static ApplicationImage unpacked(Path jar, Path images) {
		return of(jar, images, (work) -> {
			Programs.run(JavaRuntime.command("-Djarmode=tools", "-jar", jar.toString(), "extract", "--force",
					"--destination", work.toString()));
			removeSignatures(Files.createDirectories(work.resolve("lib")));
			addTraining(work.resolve(TRAINING));
		});
	}

	/** The same libraries with another jar of the application. */
	ApplicationImage with(Path other, Path images) {
		return of(other, images, (work) -> {
			Files.copy(other, work.resolve(other.getFileName()));
			Path libraries = Files.createDirectory(work.resolve("lib"));
			try (Stream<Path> files = Files.list(folder.resolve("lib"))) {
				for (Path file : (Iterable<Path>) files::iterator) {
					link(libraries.resolve(file.getFileName()), file);
				}
			}
		});
	}

	/** Not every file system has links. */
	private static void link(Path link, Path file) throws IOException {
		try {
			Files.createLink(link, file);
		}
		catch (FileSystemException | UnsupportedOperationException ex) {
			Files.copy(file, link, StandardCopyOption.COPY_ATTRIBUTES);
		}
	}

	private static ApplicationImage of(Path jar, Path images, Filling filling) {
		String application = jar.getFileName().toString().replace(".jar", "");
		try {
			Path folder = images.resolve(application + "-" + fingerprint(jar));
			if (!Files.isDirectory(folder)) {
				Folders.inUnfinished(images, "unpacking", (work) -> {
					filling.fill(work);
					Attributes manifest = manifest(work.resolve(jar.getFileName()));
					Files.writeString(work.resolve(START), "-cp %s%s%s %s".formatted(libraries(manifest),
							File.pathSeparator, jar.getFileName(), manifest.getValue(Attributes.Name.MAIN_CLASS)));
					adoptArchive(work, application, images);
					return Folders.publish(work, folder);
				});
			}
			Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
			removeOld(application, images);
			return new ApplicationImage(application, folder);
		}
		catch (IOException ex) {
			throw WriteFailure.of(images, ex, WriteFailure.CLONE);
		}
	}

	public Path folder() {
		return folder;
	}

	/** The application without its libraries. */
	Path jar() {
		return folder.resolve(application + ".jar");
	}

	/**
	 * Starts the application, with the archive if there is one.
	 * @param temporary folder for its temporary files
	 * @param debugPort where it lets a debugger in, {@code null} for nowhere
	 * @param small whether it is to take little memory
	 */
	public List<String> command(Path temporary, @Nullable Integer debugPort, boolean small) {
		List<String> command = small ? JavaRuntime.smallCommand(temporaryFlag(temporary))
				: JavaRuntime.command(temporaryFlag(temporary));
		if (debugPort != null) {
			command.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + debugPort);
		}
		if (Files.exists(archive())) {
			command.add(JavaRuntime.useFlag(archive().toString()));
		}
		command.add("@" + START);
		return command;
	}

	/**
	 * Makes the archive if there is none for this JVM: the application starts once, up to
	 * the point where it would serve, and exits. A failure costs speed only, so it is
	 * told and nothing else.
	 * @param environment variables of a real instance
	 */
	public void train(Map<String, String> environment, Consumer<String> progress) {
		if (Files.exists(archive())) {
			return;
		}
		progress.accept("Recording the classes of " + application + " for faster starts");
		try {
			Folders.inUnfinished(folder.resolveSibling("recording"), application, (work) -> {
				Path unfinished = work.resolve(JavaRuntime.archiveName());
				Attributes manifest = manifest(jar());
				Programs.run(
						JavaRuntime.command(temporaryFlag(work), JavaRuntime.recordFlag(unfinished.toString()),
								"-Dspring.context.exit=onRefresh", "-cp", libraries(manifest), Training.class.getName(),
								application + ".jar", manifest.getValue(Attributes.Name.MAIN_CLASS)),
						environment, folder);
				return Files.move(unfinished, archive(), StandardCopyOption.ATOMIC_MOVE);
			});
		}
		catch (LocalSystemException | IOException ex) {
			progress.accept("Warning: " + application + " starts slower, without a class archive: " + causeOf(ex));
		}
	}

	private static String temporaryFlag(Path folder) {
		return "-Djava.io.tmpdir=" + folder;
	}

	private Path archive() {
		return folder.resolve(JavaRuntime.archiveName());
	}

	/**
	 * The checksums of all entries are in the jar's directory: no need to read it all.
	 */
	private static String fingerprint(Path jar) throws IOException {
		CRC32 checksum = new CRC32();
		// Older launchers have made images without it.
		checksum.update(START.getBytes(StandardCharsets.UTF_8));
		try (ZipFile zip = new ZipFile(jar.toFile())) {
			zip.stream()
				.map((entry) -> entry.getName() + " " + entry.getCrc() + " " + entry.getSize())
				.forEach((line) -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
		}
		return "%08x-%x".formatted(checksum.getValue(), Files.size(jar));
	}

	/**
	 * The JVM archives no class of a signed jar, and Java 17 crashes while recording when
	 * one of them has used a lambda. Maven has checked what it fetched.
	 */
	private static void removeSignatures(Path libraries) throws IOException {
		try (Stream<Path> jars = Files.list(libraries)) {
			for (Path jar : (Iterable<Path>) jars::iterator) {
				List<String> signatures = signatures(jar);
				if (!signatures.isEmpty()) {
					FileTime built = Files.getLastModifiedTime(jar);
					try (FileSystem zip = FileSystems.newFileSystem(jar)) {
						for (String signature : signatures) {
							Files.delete(zip.getPath(signature));
						}
					}
					Files.setLastModifiedTime(jar, built);
				}
			}
		}
	}

	private static List<String> signatures(Path jar) throws IOException {
		try (ZipFile zip = new ZipFile(jar.toFile())) {
			return zip.stream().map(ZipEntry::getName).filter(SIGNATURE.asMatchPredicate()).toList();
		}
	}

	private static Attributes manifest(Path jar) throws IOException {
		try (JarFile file = new JarFile(jar.toFile())) {
			return Objects.requireNonNull(file.getManifest()).getMainAttributes();
		}
	}

	/** The libraries, in the order that the build has given them. */
	private static String libraries(Attributes manifest) {
		String listed = Objects.requireNonNullElse(manifest.getValue(Attributes.Name.CLASS_PATH), "");
		return (listed + " " + TRAINING).strip().replace(" ", File.pathSeparator);
	}

	/** What runs the application once; the same file each time. */
	private static void addTraining(Path jar) throws IOException {
		String name = Training.class.getName().replace('.', '/') + ".class";
		try (JarOutputStream file = new JarOutputStream(Files.newOutputStream(jar));
				InputStream code = Objects.requireNonNull(Training.class.getResourceAsStream("/" + name))) {
			JarEntry entry = new JarEntry(name);
			entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
			file.putNextEntry(entry);
			code.transferTo(file);
		}
		Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
	}

	/** One that was made of the very same libraries fits. */
	private static void adoptArchive(Path work, String application, Path images) throws IOException {
		for (Path image : images(application, images)) {
			Path archive = new ApplicationImage(application, image).archive();
			if (Files.exists(archive) && isSame(work.resolve("lib"), image.resolve("lib"))) {
				try {
					link(work.resolve(archive.getFileName()), archive);
					return;
				}
				catch (NoSuchFileException ex) {
					// Somebody is deleting it.
				}
			}
		}
	}

	/** The JVM compares sizes and times, which a build that can be repeated fixes. */
	private static boolean isSame(Path libraries, Path others) {
		try (Stream<Path> mine = Files.list(libraries); Stream<Path> theirs = Files.list(others)) {
			Set<Path> names = mine.map(Path::getFileName).collect(Collectors.toSet());
			boolean same = names.equals(theirs.map(Path::getFileName).collect(Collectors.toSet()));
			for (Path name : names) {
				Path file = libraries.resolve(name);
				Path other = others.resolve(name);
				same = same && Files.mismatch(file, other) < 0
						&& Files.getLastModifiedTime(file).equals(Files.getLastModifiedTime(other));
			}
			return same;
		}
		catch (IOException ex) {
			// Somebody is deleting the others.
			return false;
		}
	}

	/** Not all but the newest: another system may still run from an older one. */
	private static void removeOld(String application, Path images) throws IOException {
		for (Path image : images(application, images).stream().skip(KEPT_PER_APPLICATION).toList()) {
			Folders.delete(image);
		}
	}

	/** Those of an application, the newest first. */
	private static List<Path> images(String application, Path images) throws IOException {
		try (Stream<Path> entries = Files.list(images)) {
			return entries
				.filter((entry) -> entry.getFileName().toString().matches(application + "-[0-9a-f]{8}-[0-9a-f]+"))
				.sorted(Comparator.comparing((Path entry) -> entry.toFile().lastModified()).reversed())
				.toList();
		}
	}

	/** Puts the files of an image into its folder. */
	private interface Filling {

		void fill(Path folder) throws IOException;

	}

	private static String causeOf(Exception ex) {
		return LogFile
			.cause(String.valueOf(ex.getMessage()).lines().filter((line) -> !line.contains("[warning][cds]")).toList());
	}

}
