package com.example.launcher.mistakes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import com.example.launcher.process.OperatingSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The first {@code ./dev} in a new clone has Maven build the launcher, and Maven fetch
 * what that needs. {@code -Dmistakes.full=true} adds a whole build.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks for processes in /proc")
class MavenMistakesIntegrationTests {

	private static final String REMEDY = "Check the network, and the mirrors and proxies in ";

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private static Path shared;

	@SuppressWarnings("NullAway.Init") // set before all tests
	private static Path clone;

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path home;

	@BeforeAll
	static void checkOut() throws IOException {
		clone = Clone.asCheckedOut(shared).root();
		Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	@Test
	void noNetwork() throws Exception {
		assumeMaven();
		newcomer().in(Surroundings.NO_NETWORK)
			.isTold("up",
					"The launcher cannot be built: Maven cannot fetch from https://repo.maven.apache.org/maven2: ",
					REMEDY);
		assertNothingHalf();
	}

	@Test
	void neitherMavenNorANetwork() throws Exception {
		newcomer().withPrograms(home, programs("curl", "unzip", "wget"))
			.in(Surroundings.NO_NETWORK)
			.isTold("up", "Maven is not on the PATH, and cannot be fetched from https://",
					"install Maven 3.8.7 or newer");
	}

	@Test
	void aMirrorThatIsAway() throws Exception {
		assumeMaven();
		int port;
		try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = closed.getLocalPort();
		}
		newcomer(port).isTold("up", "Maven cannot fetch from http://127.0.0.1:" + port + "/: ", "refused", REMEDY);
		assertNothingHalf();
	}

	@Test
	void aMirrorThatNeverAnswers() throws Exception {
		assumeMaven();
		try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			newcomer(silent.getLocalPort()).isTold("up", "Maven cannot fetch from http://127.0.0.1:"
					+ silent.getLocalPort() + "/: it does not answer. " + REMEDY);
		}
		assertNothingHalf();
	}

	@Test
	void aReadOnlyClone() throws Exception {
		newcomer().in(Surroundings.READ_ONLY_CLONE)
			.isTold("up", "The launcher cannot be built: " + clone.resolve("launcher/target")
					+ " cannot be written (Read-only file system). Clone the repository into a folder of your own.");
	}

	@Test
	void aCloneOfSomebodyElse() throws Exception {
		newcomer().in(Surroundings.NOBODY)
			.isTold("up",
					"launcher/target cannot be written (permission denied). Clone the repository into a folder of your own.");
	}

	@Test
	void aFullDisk() throws Exception {
		newcomer().in(Surroundings.FULL_DISK)
			.isTold("up", "The launcher cannot be built: only 0 MiB are free for " + clone.resolve("launcher/target"),
					"Make room: about 3,000 are needed.");
	}

	@Test
	void whatIsCheckedOutOnAMachineWithOtherLineEndsRuns() throws Exception {
		assertThat(Newcomer.in(home)
			.succeeds(
					"git -c core.autocrlf=true -c core.eol=crlf clone -q '%s' other && cd other && sh -n dev && ! grep -q '\r' dev"
						.formatted(clone)))
			.isEmpty();
	}

	@Test
	@EnabledIfSystemProperty(named = "mistakes.full", matches = "true")
	void aJdkAndMirrorsAreEnoughInAFolderWithSpacesAndChineseCharacters() throws Exception {
		assumeMaven();
		Newcomer.in(clone)
			.succeeds(
					"version=$(sed -n 's/.*apache-maven-\\(.*\\)-bin.zip$/\\1/p' .mvn/wrapper/maven-wrapper.properties) && "
							+ "mvn -B -ntp dependency:get -Dtransitive=false -Dartifact=org.apache.maven:apache-maven:$version:zip:bin");
		Path mirror = Path.of("src/test/java/com/example/launcher/mistakes/Mirror.java").toAbsolutePath();
		String repository = System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository");
		assertThat(newcomer(8000).withPrograms(home, programs())
			.in(Surroundings.NO_NETWORK)
			.with("LC_ALL", "C")
			.with("MVNW_REPOURL", "http://127.0.0.1:8000")
			.succeeds(
					"cd \"$HOME\" && cp -r '%s' \"$(printf 'my \\345\\276\\256\\346\\234\\215\\345\\212\\241')\" && cd my* && "
						.formatted(clone)
							+ "\"$JAVA_HOME/bin/java\" '%s' '%s' 8000 ./dev --version".formatted(mirror, repository)))
			.contains("Java ");
	}

	/** What every machine has, and some that not every one has. */
	private static String[] programs(String... more) {
		return Stream
			.concat(Stream.of("basename", "cat", "chmod", "cp", "dirname", "find", "head", "locale", "mkdir", "mktemp",
					"mv", "readlink", "rm", "sed", "sha256sum", "tar", "touch", "tr", "uname"), Stream.of(more))
			.toArray(String[]::new);
	}

	private Newcomer newcomer() throws IOException {
		Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
		return Newcomer.in(clone).livingIn(home);
	}

	private Newcomer newcomer(int mirror) throws IOException {
		Files.writeString(Files.createDirectory(home.resolve(".m2")).resolve("settings.xml"), """
				<settings><mirrors><mirror>
				<id>near</id><mirrorOf>*</mirrorOf><url>http://127.0.0.1:%d/</url>
				</mirror></mirrors></settings>
				""".formatted(mirror));
		return newcomer();
	}

	private void assertNothingHalf() throws IOException {
		try (var files = Files.walk(home)) {
			assertThat(files.filter((file) -> file.toString().matches(".*\\.(part|tmp|jar|pom)"))).isEmpty();
		}
	}

	private static void assumeMaven() {
		assumeTrue(OperatingSystem.current().onPath("mvn").isPresent(), "needs a Maven on the PATH");
	}

}
