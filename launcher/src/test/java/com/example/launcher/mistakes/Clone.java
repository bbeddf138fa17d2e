package com.example.launcher.mistakes;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import com.example.launcher.FakeRepository;
import com.example.launcher.scaffold.RepositoryCopy;

/**
 * A clone with the real script.
 *
 * @param root its folder
 */
record Clone(Path root) {

	/** All of this repository as it is checked out. Nothing is built. */
	static Clone asCheckedOut(Path folder) throws IOException {
		return new Clone(RepositoryCopy.in(folder.resolve("clone")).root());
	}

	/**
	 * A clone in which all is built: the real launcher, and applications that stand for
	 * the real ones.
	 */
	static Clone built(Path folder) throws IOException {
		Clone clone = new Clone(FakeRepository.in(folder).root());
		Files.copy(Path.of("../dev"), clone.root.resolve("dev"), StandardCopyOption.COPY_ATTRIBUTES);
		for (String module : List.of("launcher", "config-centre/protocol")) {
			Files.createDirectories(clone.root.resolve(module).resolve("src/main"));
			Files.createFile(clone.root.resolve(module).resolve("pom.xml"));
		}
		clone.addLauncher();
		return clone;
	}

	/** Its libraries are copied, because not everybody may read those of this user. */
	private void addLauncher() throws IOException {
		Path folder = Files.createDirectories(root.resolve("launcher/target/dev/lib"));
		List<String> names = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
			Path library = Path.of(entry);
			if (Files.isRegularFile(library)) {
				copy(library, folder.resolve(library.getFileName()));
				names.add("lib/" + library.getFileName());
			}
			else if (Files.isDirectory(library) && !library.endsWith("test-classes")) {
				String name = "classes" + names.size() + ".jar";
				pack(library, folder.resolve(name));
				names.add("lib/" + name);
			}
		}
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "com.example.launcher.cli.Dev");
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", names));
		try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolveSibling("launcher.jar")),
				manifest)) {
			jar.flush();
		}
	}

	private static void pack(Path classes, Path jar) throws IOException {
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
				Stream<Path> files = Files.walk(classes)) {
			for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
				out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
				Files.copy(file, out);
			}
		}
	}

	private static void copy(Path file, Path target) throws IOException {
		try {
			Files.createLink(target, file);
		}
		catch (FileSystemException | UnsupportedOperationException ex) {
			Files.copy(file, target);
		}
	}

}
