package com.example.launcher.consul;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;
import com.example.launcher.process.WriteFailure;

/**
 * Consul 1.8.7 out of Debian 11's package, for Debian machines that reach a Debian mirror
 * but not the internet. {@code apt-get} runs with folders of its own and without root,
 * and verifies Debian's signature; nothing is installed.
 */
final class ConsulDebianPackage {

	private static final String RELEASE = "bullseye";

	private final Path cache;

	ConsulDebianPackage(Path cache) {
		this.cache = cache;
	}

	/** Where the program is once it was fetched. */
	Path binary() {
		return cache.resolve("consul-debian-" + RELEASE);
	}

	/** Whether this machine has Debian's tools. */
	boolean isAvailable() {
		OperatingSystem system = OperatingSystem.current();
		return system.onPath("apt-get").isPresent() && system.onPath("dpkg").isPresent();
	}

	/**
	 * Downloads and unpacks the package.
	 * @throws LocalSystemException if there is no mirror or it does not answer
	 */
	Path fetch(Consumer<String> progress) {
		progress.accept("Fetching Consul from Debian's packages");
		try {
			return Folders.inUnfinished(cache, "fetching-consul", this::fetchInto);
		}
		catch (IOException ex) {
			throw WriteFailure.of(cache, ex, WriteFailure.CACHE);
		}
	}

	private Path fetchInto(Path work) throws IOException {
		String mirror = mirror();
		Path status = Files.createFile(work.resolve("status"));
		Path sources = Files.writeString(work.resolve("sources.list"),
				"deb " + mirror + " " + RELEASE + " main" + System.lineSeparator());
		Files.createDirectories(work.resolve("lists/partial"));
		Files.createDirectories(work.resolve("cache/archives/partial"));
		List<String> aptGet = List.of("apt-get", "-q", "-o", "Dir::State=" + work, "-o",
				"Dir::State::lists=" + work.resolve("lists"), "-o", "Dir::State::status=" + status, "-o",
				"Dir::Cache=" + work.resolve("cache"), "-o", "Dir::Etc::sourcelist=" + sources, "-o",
				"Dir::Etc::sourceparts=-", "-o", "Acquire::Languages=none", "-o", "APT::Sandbox::User=");
		try {
			// A mirror that is away is noticed here and soon; the package may be slow.
			Programs.run(with(aptGet, "-o", "Acquire::http::Timeout=4", "-o", "Acquire::Retries=0", "-o",
					"APT::Update::Error-Mode=any", "update"), Map.of(), work);
			Programs.run(with(aptGet, "download", "consul"), Map.of(), work);
		}
		catch (LocalSystemException ex) {
			throw new LocalSystemException(
					"Consul's package cannot be fetched from Debian's mirror %s either. Check the network and try again, or install Consul yourself, so that 'consul' is on the PATH. apt-get says: %s"
						.formatted(mirror, error(ex)),
					ex);
		}
		Path unpacked = work.resolve("unpacked");
		Programs.run(List.of("dpkg", "-x", download(work).toString(), unpacked.toString()), Map.of(), work);
		return ConsulRelease.install(unpacked.resolve("usr/bin/consul"), binary());
	}

	private static String error(LocalSystemException ex) {
		return String.valueOf(ex.getMessage())
			.lines()
			.filter((line) -> line.startsWith("E: ") || line.startsWith("W: "))
			.findFirst()
			.orElse("nothing");
	}

	/** The mirror that this machine already uses. */
	private static String mirror() {
		String targets = Programs
			.run(List.of("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)", "Component: main"));
		Optional<String> mirror = targets.lines()
			.map((line) -> line.split(" ", -1))
			.filter((fields) -> fields.length == 3 && "Debian".equals(fields[0]) && "Debian".equals(fields[1]))
			.map((fields) -> fields[2])
			.findFirst();
		return mirror.orElseThrow(() -> new LocalSystemException(
				"No Debian mirror is known to apt-get. Run 'apt-get update' as root, or install Consul yourself, so that 'consul' is on the PATH."));
	}

	private static Path download(Path work) throws IOException {
		try (DirectoryStream<Path> packages = Files.newDirectoryStream(work, "consul_*.deb")) {
			return packages.iterator().next();
		}
	}

	private static List<String> with(List<String> command, String... arguments) {
		List<String> all = new ArrayList<>(command);
		all.addAll(List.of(arguments));
		return all;
	}

}
