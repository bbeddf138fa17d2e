package com.example.launcher.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The families of operating systems that differ in how processes are started and what
 * binaries are called.
 */
public enum OperatingSystem {

	LINUX, MACOS, WINDOWS;

	public static OperatingSystem current() {
		String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
		if (name.startsWith("windows")) {
			return WINDOWS;
		}
		return name.startsWith("mac") ? MACOS : LINUX;
	}

	/** Whether the processor is a 64-bit ARM; else it is taken for a 64-bit x86. */
	public static boolean isArm() {
		return "aarch64".equals(System.getProperty("os.arch"));
	}

	/** The file name of a program: with {@code .exe} on Windows. */
	public String executable(String name) {
		return (this == WINDOWS) ? name + ".exe" : name;
	}

	/** The file name of a script: with {@code .cmd} on Windows. */
	public String script(String name) {
		return (this == WINDOWS) ? name + ".cmd" : name;
	}

	/** The {@code java} program of the JVM that runs this. */
	public Path java() {
		return Path.of(System.getProperty("java.home"), "bin", executable("java"));
	}

	/** The {@code javac} program beside it. */
	public Path javac() {
		return java().resolveSibling(executable("javac"));
	}

	/** The program of that name on the search path. */
	public Optional<Path> onPath(String name) {
		return fileOnPath(executable(name));
	}

	/** The script of that name on the search path. */
	public Optional<Path> scriptOnPath(String name) {
		return fileOnPath(script(name));
	}

	private static Optional<Path> fileOnPath(String name) {
		// Windows calls it Path: only this method ignores case.
		String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
		return Stream.of(path.split(File.pathSeparator))
			.filter((folder) -> !folder.isEmpty())
			.map((folder) -> Path.of(folder, name))
			.filter((file) -> Files.isRegularFile(file) && Files.isExecutable(file))
			.findFirst();
	}

	/** The folder in which a user's programs keep what can be had again. */
	public Path cacheFolder() {
		String home = System.getProperty("user.home");
		String set = System.getenv((this == WINDOWS) ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
		if (set != null && !set.isBlank()) {
			return Path.of(set, "microservice-platform");
		}
		return Path.of(home, (this == MACOS) ? "Library/Caches" : ".cache", "microservice-platform");
	}

}
