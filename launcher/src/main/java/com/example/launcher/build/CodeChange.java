package com.example.launcher.build;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;
import com.example.launcher.process.WriteFailure;
import org.springframework.boot.configurationprocessor.ConfigurationMetadataAnnotationProcessor;

/**
 * The Java sources of an application, when nothing else has changed since Maven built it:
 * the compiler alone makes the same of them in a fraction of the time, most of which
 * Maven takes to see that nothing else has changed.
 */
final class CodeChange {

	private static final String MANIFEST = "META-INF/MANIFEST.MF";

	private final Path sources;

	private final ApplicationImage built;

	private final Path images;

	/**
	 * @param sources folder of the sources
	 * @param jar what Maven built last
	 * @param images folder for all images
	 */
	CodeChange(Path sources, Path jar, Path images) {
		this.sources = sources;
		this.built = ApplicationImage.unpacked(jar, images);
		this.images = images;
	}

	/**
	 * The image with the classes of the sources as they are now; empty if the compiler
	 * refuses them, or cannot do all that Maven does.
	 */
	Optional<ApplicationImage> image() {
		try {
			List<ApplicationImage> image = new ArrayList<>();
			Folders.inUnfinished(images, "compiling", (work) -> {
				Path classes = work.resolve("classes");
				unpackResources(classes);
				if (compile(classes)) {
					Path jar = work.resolve(built.jar().getFileName());
					image.add(built.with(pack(classes, jar), images));
				}
				return work;
			});
			return image.stream().findFirst();
		}
		catch (IOException ex) {
			throw WriteFailure.of(images, ex, WriteFailure.CLONE);
		}
	}

	/** Annotation processors add to some of them. */
	private void unpackResources(Path folder) throws IOException {
		try (ZipFile zip = new ZipFile(built.jar().toFile())) {
			for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
				if (!entry.isDirectory() && !entry.getName().endsWith(".class")) {
					Path target = folder.resolve(entry.getName());
					Files.createDirectories(target.getParent());
					Files.copy(zip.getInputStream(entry), target);
				}
			}
		}
	}

	/** With what the root pom.xml has the compiler do in the profile run. */
	private boolean compile(Path classes) throws IOException {
		// So little is compiled that the compiler is done before it would pay to compile
		// itself well.
		List<String> command = new ArrayList<>(
				List.of(OperatingSystem.current().javac().toString(), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC",
						"-g", "-nowarn", "-parameters", "-encoding", "UTF-8", "-processorpath", processor(), "-cp",
						built.folder().resolve("lib") + File.separator + "*", "-d", classes.toString()));
		// Longer than what a command line may be on Windows.
		Path arguments = classes.resolveSibling("sources");
		try (Stream<Path> files = Files.walk(sources)) {
			Files.write(arguments,
					files.map(Path::toString)
						.filter((file) -> file.endsWith(".java"))
						.map((file) -> '"' + file.replace("\\", "\\\\") + '"')
						.toList());
		}
		command.add("@" + arguments);
		return Programs.run(command, sources, (line) -> {
		}) == 0;
	}

	private static String processor() {
		try {
			return Path
				.of(ConfigurationMetadataAnnotationProcessor.class.getProtectionDomain()
					.getCodeSource()
					.getLocation()
					.toURI())
				.toString();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path pack(Path classes, Path jar) {
		int exitCode = ToolProvider.findFirst("jar")
			.orElseThrow()
			.run(System.out, System.err, "--create", "--file", jar.toString(), "--manifest",
					classes.resolve(MANIFEST).toString(), "-C", classes.toString(), ".");
		if (exitCode != 0) {
			throw new LocalSystemException(jar + " cannot be written. Check the disk.");
		}
		return jar;
	}

}
