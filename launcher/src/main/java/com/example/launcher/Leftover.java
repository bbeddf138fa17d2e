package com.example.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.launcher.process.ProcessIdentity;

/**
 * A process of a system whose {@code state.json} was lost. It is known by its arguments,
 * one of which names a file in {@code tmp/} of the state folder.
 *
 * @param instance name of the instance
 * @param process its process
 */
record Leftover(String instance, ProcessIdentity process) {

	/** Folder for the temporary files of an instance. */
	static Path temporaryFolder(Path stateFolder, String instance) {
		return stateFolder.resolve("tmp").resolve(instance);
	}

	/** All that run with that state folder. */
	static List<Leftover> of(Path stateFolder) {
		Pattern mark = Pattern.compile("(?:-Djava\\.io\\.tmpdir|-pid-file|external_pid_file)="
				+ Pattern.quote(stateFolder.resolve("tmp") + "/") + "([^/]+)(?:/pid)?");
		return ProcessHandle.allProcesses()
			.flatMap((process) -> Stream.of(process.info().arguments().orElseGet(() -> new String[0]))
				.flatMap((argument) -> mark.matcher(argument).results().filter((found) -> isWhole(found, argument)))
				.map((found) -> new Leftover(found.group(1), ProcessIdentity.of(process))))
			.toList();
	}

	private static boolean isWhole(MatchResult found, String argument) {
		return found.start() == 0 && found.end() == argument.length();
	}

}
