package com.example.launcher.build;

import java.util.ArrayList;
import java.util.List;

import com.example.launcher.process.OperatingSystem;

/**
 * The JVM that runs the applications, which is the one that runs the launcher, with flags
 * for a developer's machine: quick start and little memory before top speed.
 */
final class JavaRuntime {

	/** From here on one training run makes an ahead-of-time cache. */
	private static final int FIRST_WITH_AOT_CACHE_OUTPUT = 25;

	/** A process without memory would go on with threads missing: it had better end. */
	private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m",
			"-Xss512k", "-XX:ReservedCodeCacheSize=48m", "-XX:+ExitOnOutOfMemoryError");

	/** Less again: the heap begins small, and gives back what it does not need. */
	private static final List<String> SMALL_FLAGS = List.of("-Xms16m", "-Xmn8m", "-Xmx96m", "-XX:MinHeapFreeRatio=10",
			"-XX:MaxHeapFreeRatio=20");

	private static final boolean AOT_CACHE = Runtime.version().feature() >= FIRST_WITH_AOT_CACHE_OUTPUT;

	private JavaRuntime() {
	}

	/** Program, flags and the given arguments. */
	static List<String> command(String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(OperatingSystem.current().java().toString());
		command.addAll(FLAGS);
		command.addAll(List.of(arguments));
		return command;
	}

	/** The same, with little memory. */
	static List<String> smallCommand(String... arguments) {
		List<String> command = command();
		command.addAll(SMALL_FLAGS);
		command.addAll(List.of(arguments));
		return command;
	}

	/** An archive fits one build of one JVM only, so its name says which. */
	static String archiveName() {
		String version = System.getProperty("java.vendor") + "-" + System.getProperty("java.vm.version");
		return version.replaceAll("[^A-Za-z0-9.+-]", "-") + (AOT_CACHE ? ".aot" : ".jsa");
	}

	/** Makes the archive when the JVM exits. */
	static String recordFlag(String archive) {
		return (AOT_CACHE ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive;
	}

	/** Uses the archive. */
	static String useFlag(String archive) {
		return (AOT_CACHE ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive;
	}

}
