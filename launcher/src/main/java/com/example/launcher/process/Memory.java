package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Resident memory of processes. On Linux it is the proportional set size, which counts
 * memory that several processes share once; elsewhere the resident set size.
 */
public final class Memory {

	private static final long KIB = 1024;

	private Memory() {
	}

	/** Name of the measure on this machine. */
	public static String measure() {
		return (OperatingSystem.current() == OperatingSystem.LINUX) ? "PSS" : "RSS";
	}

	/** Bytes of a process and all that descend from it; empty if it cannot be told. */
	public static OptionalLong ofTree(ProcessIdentity process) {
		if (!process.isAlive()) {
			return OptionalLong.empty();
		}
		Stream<ProcessHandle> descendants = ProcessHandle.of(process.pid())
			.map(ProcessHandle::descendants)
			.orElseGet(Stream::empty);
		return Stream.concat(Stream.of(process.pid()), descendants.map(ProcessHandle::pid))
			.map(Memory::of)
			.flatMapToLong(OptionalLong::stream)
			.reduce(Long::sum);
	}

	/** Bytes of a process without those that descend from it. */
	public static OptionalLong ofProcess(ProcessIdentity process) {
		return of(process.pid());
	}

	private static OptionalLong of(long pid) {
		return switch (OperatingSystem.current()) {
			case LINUX -> proportional(pid);
			case MACOS -> resident(pid);
			case WINDOWS -> OptionalLong.empty();
		};
	}

	private static OptionalLong proportional(long pid) {
		try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
			return lines.filter((line) -> line.startsWith("Pss:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
				.findFirst();
		}
		catch (IOException ex) {
			// It ended meanwhile, or belongs to somebody else.
			return OptionalLong.empty();
		}
	}

	private static OptionalLong resident(long pid) {
		String output = Programs.run(List.of("ps", "-o", "rss=", "-p", Long.toString(pid))).strip();
		return output.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(output) * KIB);
	}

}
