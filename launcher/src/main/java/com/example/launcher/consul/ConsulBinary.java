package com.example.launcher.consul;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;

/**
 * The {@code consul} program: one on the search path, else one that was fetched before,
 * else the pinned release, else Debian's package.
 */
public final class ConsulBinary {

	private final Optional<Path> onPath;

	private final ConsulRelease release;

	private final ConsulDebianPackage debianPackage;

	/**
	 * Looks in the usual places.
	 */
	public ConsulBinary() {
		this(OperatingSystem.current().onPath("consul"), new ConsulRelease(OperatingSystem.current().cacheFolder()),
				new ConsulDebianPackage(OperatingSystem.current().cacheFolder()));
	}

	ConsulBinary(Optional<Path> onPath, ConsulRelease release, ConsulDebianPackage debianPackage) {
		this.onPath = onPath;
		this.release = release;
		this.debianPackage = debianPackage;
	}

	/**
	 * Finds the program or fetches it, which can take minutes on a slow line. Any number
	 * of threads and processes may do so at once.
	 * @param progress gets a sentence before each thing that takes time
	 * @throws LocalSystemException if it cannot be had in any way
	 */
	public Path locate(Consumer<String> progress) {
		return find().orElseGet(() -> fetch(progress));
	}

	/** The program, if it need not be fetched. */
	public Optional<Path> find() {
		return onPath.or(() -> existing(release.binary())).or(() -> existing(debianPackage.binary()));
	}

	/** Whether the server from which it would be fetched answers now. Takes seconds. */
	public String reachability() {
		return release.reachability();
	}

	private Path fetch(Consumer<String> progress) {
		try {
			return release.fetch(progress);
		}
		catch (LocalSystemException noRelease) {
			if (!debianPackage.isAvailable()) {
				throw new LocalSystemException(
						noRelease.getMessage() + " Or install Consul yourself, so that 'consul' is on the PATH.",
						noRelease);
			}
			progress.accept(noRelease.getMessage());
			return debianPackage.fetch(progress);
		}
	}

	private static Optional<Path> existing(Path file) {
		return Optional.of(file).filter(Files::isExecutable);
	}

}
