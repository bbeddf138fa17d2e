package com.example.launcher.mistakes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.spi.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What is wrong with the machine is told by the script, or by the launcher that it
 * starts, before anything begins. Prints each sentence with its seconds.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks for processes in /proc")
class MistakesIntegrationTests {

	private static final String STATUS = "The system is not running. Start it with './dev up'.";

	private static final String UP = "up --port=0 --consul-port=0 --prebuilt";

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private static Path shared;

	@SuppressWarnings("NullAway.Init") // set before all tests
	private static Path built;

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path folder;

	@BeforeAll
	static void build() throws IOException {
		built = Clone.built(shared).root();
		// As a clone is that somebody else may read, too.
		Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	@BeforeEach
	void leaveNothingOfTheTestBefore() {
		assertThat(built.resolve(".dev/state.json")).doesNotExist();
	}

	@Test
	void noJdk() throws Exception {
		newcomer().without("JAVA_HOME")
			.withPrograms(folder, "dirname", "readlink", "sed", "head")
			.isTold("status", "No JDK found: JAVA_HOME is not set, and there is no java on the PATH.",
					"Install JDK 17 or newer and set JAVA_HOME to its folder.");
	}

	@Test
	void javaHomeOfNoJdk() throws Exception {
		newcomer().with("JAVA_HOME", "/no/jdk")
			.isTold("status", "JAVA_HOME is /no/jdk, and there is no bin/java in it.",
					"Set JAVA_HOME to the folder of a JDK, 17 or newer, or unset it");
	}

	@Test
	void aJavaThatDoesNotRun() throws Exception {
		newcomer().with("JAVA_HOME", java("echo 'cannot open shared object file' >&2; exit 127").toString())
			.isTold("status", "bin/java does not run. It says:", "cannot open shared object file", "Install JDK 17");
	}

	@Test
	void aRuntimeWithoutACompiler() throws Exception {
		ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
		Path runtime = folder.resolve("jre");
		assumeTrue(jlink.run(System.out, System.err, "--add-modules", "java.base", "--output", runtime.toString()) == 0,
				"this JDK makes no runtimes");

		newcomer().with("JAVA_HOME", runtime.toString())
			.isTold("status", "A JDK is needed, but " + runtime + "/bin/java belongs to a runtime without a compiler.",
					"Install JDK 17 or newer and set JAVA_HOME to its folder.");
	}

	/**
	 * Two lines of what JDK 11 says stand for it: that is all of it that is looked at.
	 */
	@Test
	void jdk11() throws Exception {
		Path jdk = java(
				"echo '    java.home = %s' >&2; echo '    java.specification.version = 11' >&2".formatted(folder));

		newcomer().with("JAVA_HOME", jdk.toString())
			.isTold("status", "JDK 17 or newer is needed, but %s/bin/java is version 11.".formatted(jdk),
					"Install a newer JDK and set JAVA_HOME to its folder.");
	}

	@Test
	void aPortThatIsAskedForAndTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			newcomer().isTold("up --prebuilt --port=" + taken.getLocalPort(),
					"Port %d, which gateway needs, is taken.".formatted(taken.getLocalPort()),
					"Stop what listens there, choose another port with --port, or leave that out for a free one.");
		}
	}

	@Test
	void aReadOnlyClone() throws Exception {
		newcomer().in(Surroundings.READ_ONLY_CLONE)
			.isTold(UP, "the file system is read-only. Clone the repository into a folder of your own");
		newcomer().in(Surroundings.READ_ONLY_CLONE).isTold("status", STATUS);
	}

	@Test
	void aDiskWithoutRoom() throws Exception {
		newcomer().in(Surroundings.SMALL_DISK)
			.isTold(UP, "Only 4 MiB are free for " + built.resolve(".dev") + ", and a start needs 100 at least.",
					"Make room on that disk, or name a folder on another one with --state.");
	}

	@Test
	void aCloneOfSomebodyElse() throws Exception {
		newcomer().with("HOME", nobodysFolder().toString())
			.in(Surroundings.NOBODY)
			.isTold(UP, "nobody may not write there, %s belongs to root.".formatted(built),
					"Clone the repository into a folder of your own, or name another folder with --state.");
	}

	@Test
	void aHomeThatIsNotThere() throws Exception {
		newcomer().with("HOME", "/no/home")
			.in(Surroundings.NOBODY)
			.isTold("status", "There is no home folder /nonexistent, and HOME names none.",
					"Set HOME to a folder of your own.");
	}

	@Test
	void aFileInsteadOfTheFolderOfTheState() throws Exception {
		Path file = Files.createFile(folder.resolve("state"));

		newcomer().isTold(UP + " --state " + file, file + " is a file, not a folder. Delete it.");
	}

	@Test
	void noConfiguration() throws Exception {
		newcomer().isTold(UP + " --config-repo " + folder.resolve("none"),
				"There is no folder %s, where the configuration should be.".formatted(folder.resolve("none")),
				"'git restore config-repo' brings back that of the repository; --config-repo names another.");
	}

	@Test
	void aScriptWithoutItsRepository() throws Exception {
		Files.copy(built.resolve("dev"), folder.resolve("dev"), StandardCopyOption.COPY_ATTRIBUTES);

		Newcomer.in(folder)
			.isTold("status", "There is no launcher in " + folder.toRealPath() + ".", "Clone the whole repository");
	}

	@Test
	void aLinkToTheScriptIsFollowed() throws Exception {
		Path link = Files.createSymbolicLink(folder.resolve("clone"), built);
		Path script = Files.createSymbolicLink(folder.resolve("dev"), Path.of("clone/dev"));

		Newcomer.in(folder).isTold("status", STATUS);
		Files.delete(script);
		Files.delete(link);
	}

	@Test
	void withoutHomeMavenOrGitTheLauncherRuns() throws Exception {
		newcomer().without("HOME").with("M2_HOME", "/no/maven").isTold("status", STATUS);
		newcomer().withPrograms(folder, "dirname", "readlink", "sed", "head", "find", "locale")
			.isTold("remove service alpha-service", "This needs git, which is not on the PATH", "Install git");
	}

	private static Newcomer newcomer() {
		return Newcomer.in(built);
	}

	private Path java(String script) throws IOException {
		Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
		Files.writeString(java, "#!/bin/sh\n" + script + "\n");
		assertThat(java.toFile().setExecutable(true)).isTrue();
		return folder.resolve("jdk");
	}

	private Path nobodysFolder() throws IOException {
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
		return folder;
	}

}
