package com.example.benchmarks.propagation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;

/**
 * The class path of the processes that the benchmark starts.
 */
final class ClassPath {

	private static final String STARTERS = "com/example/platform/";

	private static final ToolProvider JAR = ToolProvider.findFirst("jar").orElseThrow();

	private ClassPath() {
	}

	static List<String> whole() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((element) -> Path.of(element).toAbsolutePath().toString())
			.toList();
	}

	/** Without the starters nothing of them applies, their defaults included. */
	static List<String> withoutStarters() {
		return whole().stream().filter((element) -> !isStarter(Path.of(element))).toList();
	}

	/** The JVM archives classes of jars alone. */
	static List<String> asJars(List<String> classPath, Path folder) throws IOException {
		Files.createDirectories(folder);
		List<String> jars = new ArrayList<>();
		for (String element : classPath) {
			if (Files.isDirectory(Path.of(element))) {
				String jar = folder.resolve(jars.size() + ".jar").toString();
				if (JAR.run(System.err, System.err, "--create", "--file", jar, "-C", element, ".") != 0) {
					throw new IOException("Cannot make a jar of " + element);
				}
				jars.add(jar);
			}
			else {
				jars.add(element);
			}
		}
		return jars;
	}

	private static boolean isStarter(Path element) {
		if (!Files.isRegularFile(element)) {
			return Files.isDirectory(element.resolve(STARTERS));
		}
		try (JarFile jar = new JarFile(element.toFile())) {
			return jar.stream().anyMatch((entry) -> entry.getName().startsWith(STARTERS));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
