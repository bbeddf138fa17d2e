package com.example.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import com.example.launcher.build.ApplicationImage;
import com.example.launcher.build.Workspace;

/**
 * A repository like this one, in which every application is a {@link FakeApplication}.
 *
 * @param root its folder
 */
public record FakeRepository(Path root) {

	private static final Path IMAGES = Path.of("target/fake-images").toAbsolutePath();

	/** Creates the repository in a folder. */
	public static FakeRepository in(Path parent) throws IOException {
		FakeRepository repository = new FakeRepository(parent.resolve("repository"));
		Files.createDirectories(repository.configRepo());
		for (String module : List.of("services/alpha-service", "services/beta-service", "gateway",
				"config-centre/server")) {
			Path folder = repository.root.resolve(module);
			Files.createDirectories(folder.resolve("target"));
			Files.createFile(folder.resolve("pom.xml"));
			repository.build(module.equals("config-centre/server") ? "config-server" : folder.getFileName().toString(),
					"built");
		}
		Files.writeString(repository.root.resolve("pom.xml"),
				"<modules><module>services/alpha-service</module><module>gateway</module></modules>");
		repository.ports("services/alpha-service", "server.port: 8082%nspring.grpc.server.port: 9082%n");
		repository.ports("services/beta-service",
				"server: { port: 8081 }%nspring: { grpc: { server: { port: 9081 } } }%n");
		repository.ports("gateway", "server.port: 8080%nmanagement.server.port: 8090%n");
		repository.ports("config-centre/server", "server.port: 8888%n");
		return repository;
	}

	/**
	 * Creates the repository in a folder, its applications unpacked and their classes
	 * recorded, as after a first start. That is done once for all tests.
	 */
	public static FakeRepository startedBefore(Path parent) throws IOException {
		FakeRepository repository = in(parent);
		Workspace workspace = new Workspace(repository.root);
		for (String application : List.of("alpha-service", "beta-service", "gateway", "config-server")) {
			ApplicationImage image = ApplicationImage.unpacked(workspace.jar(application, true), IMAGES);
			image.train(Map.of(), System.out::println);
			link(image.folder(), repository.root.resolve(".dev/images").resolve(image.folder().getFileName()));
		}
		return repository;
	}

	private static void link(Path folder, Path copy) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Path target = copy.resolve(folder.relativize(file));
				if (Files.isDirectory(file)) {
					Files.createDirectories(target);
				}
				else {
					Files.createLink(target, file);
				}
			}
		}
	}

	/**
	 * Builds an application.
	 * @param entry what its jar holds beside its class; if that is {@code broken}, it
	 * ends at start
	 */
	public void build(String application, String entry) throws IOException {
		writeJar(new Workspace(root).jar(application, true), entry);
	}

	/** Writes a module's own configuration. */
	void ports(String module, String yaml) throws IOException {
		Path resources = Files.createDirectories(root.resolve(module).resolve("src/main/resources"));
		Files.writeString(resources.resolve("application.yml"), yaml.formatted());
	}

	/** Folder for the state of a system. */
	public Path state() {
		return root.resolve("state");
	}

	public Path configRepo() {
		return root.resolve("config-repo");
	}

	LocalSystemOptions options() {
		return LocalSystemOptions.isolated(root, state(), configRepo());
	}

	private static void writeJar(Path jar, String marker) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeApplication.class.getName());
		String entry = FakeApplication.class.getName().replace('.', '/') + ".class";
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
				InputStream in = FakeRepository.class.getResourceAsStream("/" + entry)) {
			if (in == null) {
				throw new IOException("no " + entry + " on the class path");
			}
			out.putNextEntry(new JarEntry(entry));
			in.transferTo(out);
			out.putNextEntry(new JarEntry(marker));
		}
	}

}
