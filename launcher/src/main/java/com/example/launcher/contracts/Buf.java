package com.example.launcher.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;

/**
 * <a href="https://buf.build/docs/cli/">buf</a>, which knows what a contract may look
 * like and what breaks it. Maven fetches it, once for each user.
 */
final class Buf {

	static final String VERSION = "1.61.0";

	/** Exit code for findings, as opposed to a failure. */
	private static final int FOUND = 100;

	private final Workspace workspace;

	private final Path cache;

	Buf(Workspace workspace) {
		this(workspace, OperatingSystem.current().cacheFolder());
	}

	Buf(Workspace workspace, Path cache) {
		this.workspace = workspace;
		this.cache = cache;
	}

	/**
	 * Runs it in the folder of the repository.
	 * @return the lines that it printed, one for each finding
	 * @throws LocalSystemException if it cannot be had or fails
	 */
	List<String> run(String... arguments) {
		List<String> command = new ArrayList<>(List.of(program().toString()));
		command.addAll(List.of(arguments));
		List<String> lines = new ArrayList<>();
		int exitCode = Programs.run(command, workspace.root(), lines::add);
		if (exitCode != 0 && exitCode != FOUND) {
			throw new LocalSystemException(
					"buf failed with exit code %d: %s".formatted(exitCode, String.join(System.lineSeparator(), lines)));
		}
		return lines;
	}

	private Path program() {
		Path program = cache.resolve(OperatingSystem.current().executable("buf-" + VERSION));
		return Files.isExecutable(program) ? program : fetch(program);
	}

	private Path fetch(Path program) {
		try {
			return Folders.inUnfinished(cache, "fetching-buf", (work) -> {
				Programs.run(List.of(workspace.maven().toString(), "-q", "-B", "-N", "dependency:copy",
						"-Dartifact=build.buf:buf:%s:exe:%s".formatted(VERSION, platform()),
						"-DoutputDirectory=" + work, "-Dmdep.stripVersion=true"), Map.of(), workspace.root());
				Path fetched = work.resolve("buf-" + platform() + ".exe");
				if (!fetched.toFile().setExecutable(true)) {
					throw new IOException(fetched + " cannot be made executable");
				}
				return Folders.publish(fetched, program);
			});
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be written (%s). Check the disk.".formatted(program, ex), ex);
		}
	}

	private static String platform() {
		String system = switch (OperatingSystem.current()) {
			case LINUX -> "linux";
			case MACOS -> "osx";
			case WINDOWS -> "windows";
		};
		return system + (OperatingSystem.isArm() ? "-aarch_64" : "-x86_64");
	}

}
