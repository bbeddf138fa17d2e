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

	private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m",
			"-Xss512k", "-XX:ReservedCodeCacheSize=48m", "-XX:+ExitOnOutOfMemoryError");

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
