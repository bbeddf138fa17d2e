package com.example.launcher.mistakes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.example.launcher.process.Folders;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What is around {@code ./dev}: a network, a disk, a user. Each is taken away really, by
 * a namespace of Linux or by another user.
 */
enum Surroundings {

	/** Those of the test. */
	USUAL(List.of()),

	/** Nothing but the loopback. */
	NO_NETWORK(namespace("--net", "ip link set lo up || ifconfig lo up")),

	/** The repository's file system is read-only. */
	READ_ONLY_CLONE(namespace("--mount", "mount --bind \"$PWD\" \"$PWD\" && mount -o remount,bind,ro \"$PWD\"")),

	/** The folder of the state is on a disk of 4 MiB. */
	SMALL_DISK(namespace("--mount", "mkdir -p .dev && mount -t tmpfs -o size=4m tmpfs .dev")),

	/** The folder where the launcher is built is on a disk without room. */
	FULL_DISK(namespace("--mount",
			"mkdir -p launcher/target && mount -t tmpfs -o size=1m tmpfs launcher/target && ! head -c 2000000 /dev/zero >launcher/target/big")),

	/** Root, who may not be somebody else, as in some containers. */
	ROOT_ALONE(List.of("unshare", "--user", "--map-root-user", "/bin/sh", "-c",
			"echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"", "sh")),

	/** Somebody who owns nothing. */
	NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

	@SuppressWarnings("ImmutableEnumChecker") // nobody changes it
	private final List<String> prefix;

	Surroundings(List<String> prefix) {
		this.prefix = prefix;
	}

	private static List<String> namespace(String kind, String preparation) {
		List<String> command = new ArrayList<>(List.of("unshare", kind));
		if (!isRoot()) {
			command.add("--map-root-user");
		}
		// The folder is entered again, for what is mounted there now.
		command.addAll(List.of("/bin/sh", "-c",
				"(PATH=/usr/sbin:/usr/bin:/sbin:/bin; %s) >/dev/null 2>&1 && cd \"$PWD\" && exec \"$@\""
					.formatted(preparation),
				"sh"));
		return command;
	}

	static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/** A command in these surroundings. */
	List<String> around(List<String> command) {
		List<String> all = new ArrayList<>(prefix);
		all.addAll(command);
		return all;
	}

	/** Skips a test where the platform does not allow them. */
	void assumePossible() throws IOException, InterruptedException {
		assumeTrue(arePossible(), this + " needs Linux, and the right to make namespaces or to be another user");
	}

	boolean arePossible() throws IOException, InterruptedException {
		Path folder = Files.createTempDirectory("surroundings");
		try {
			return new ProcessBuilder(around(List.of("true"))).directory(folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			// There is no such program.
			return false;
		}
		finally {
			Folders.delete(folder);
		}
	}

}
