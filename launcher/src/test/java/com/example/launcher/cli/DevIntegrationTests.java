package com.example.launcher.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.example.launcher.FakeRepository;
import com.example.launcher.Instance;
import com.example.launcher.LocalSystem;
import com.example.launcher.process.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each launcher is a process with a group of its own, which gets Ctrl-C as from a
 * terminal.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs setsid and signals to process groups")
class DevIntegrationTests {

	private static final Duration START = Duration.ofMinutes(2);

	private final FakeRepository repository;

	private final Path output;

	private final List<Process> launchers = new ArrayList<>();

	private final Map<String, String> environment = new HashMap<>();

	DevIntegrationTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.startedBefore(folder);
		this.output = folder.resolve("output");
	}

	@AfterEach
	void leaveNothingBehind() {
		launchers.forEach(Process::destroyForcibly);
		processes().forEach(ProcessHandle::destroyForcibly);
	}

	@Test
	void ctrlCStopsEverythingInReverseOrder() throws Exception {
		Process launcher = up("", "--port=0", "--consul-port=0", "--prebuilt");
		awaitOutput("Ctrl-C stops everything.");
		assertThat(processes()).hasSizeGreaterThanOrEqualTo(8);

		ctrlC(launcher);
		ctrlC(launcher);

		assertEnds(launcher, 130);
		assertThat(stopped()).containsExactly("gateway", "alpha-service-1,", "config-server", "postgres", "consul");
	}

	@Test
	void ctrlCWhileStartingStopsWhatWasStarted() throws Exception {
		Process launcher = up("never ready alpha-service", "--port=0", "--consul-port=0", "--prebuilt");
		awaitOutput("beta-service × 2 are healthy");

		ctrlC(launcher);

		assertEnds(launcher, 130);
		assertThat(output()).endsWith("Stopped before everything was healthy." + System.lineSeparator())
			.doesNotContain("Correct this", "exit code");
	}

	@Test
	void ctrlCDuringTheBuildSaysNothingButThatItWasStopped() throws Exception {
		maven("echo '[INFO] Building alpha-service 1.0  [1/2]'\nsleep 300");
		Process launcher = up("", "--port=0", "--consul-port=0");
		awaitOutput("alpha-service (1 of 2)");

		ctrlC(launcher);

		assertEnds(launcher, 130);
		assertThat(output()).contains("Stopped before everything was healthy.")
			.doesNotContain("Correct this", "failed");
	}

	@Test
	void theTestsOfAModuleAreListedForMavenWhichBuildsWhatItNeeds() throws Exception {
		maven("echo \"$@\"\nfor argument; do cat ${argument#-Dsurefire.includesFile=}; done 2>/dev/null; true");
		Path tests = Files.createDirectories(repository.root().resolve("services/alpha-service/src/test/java/com/a"));
		Files.createFile(tests.resolve("OneTests.java"));
		Files.createFile(tests.resolve("Other.java"));

		assertThat(dev("test", "alpha-service", "--batch-mode")).isZero();
		assertThat(output()).containsPattern(
				"verify -am -pl services/alpha-service .*-Dspring-javaformat.skip=true --batch-mode\ncom/a/OneTests.java\n$");
		assertThat(dev("test", "--batch-mode")).isZero();
		assertThat(output()).endsWith("\nverify --batch-mode\n");
		assertThat(dev("test", "alpha")).isEqualTo(1);
		assertThat(output()).contains("There is no module alpha. There are: services/alpha-service, gateway.");
		assertThat(dev("test", "gateway")).isEqualTo(1);
		assertThat(output()).contains("gateway has no tests.");
	}

	@Test
	void testsThatFailedStandInTheLastLines() throws Exception {
		Path reports = Files.createDirectories(repository.root().resolve("gateway/target/surefire-reports"));
		Path older = Files.writeString(reports.resolve("TEST-a.OldTests.xml"), """
				<testsuite><testcase classname="a.OldTests" name="fails"><failure message="old"/></testcase></testsuite>
				""");
		Files.setLastModifiedTime(older, FileTime.from(Instant.now().minusSeconds(10)));
		maven("""
				cat >%s <<'END'
				<testsuite>
				  <testcase classname="a.NewTests" name="passes"/>
				  <testcase classname="a.NewTests" name="fails">
				    <failure message="&#10;expected: 1&#10; but was: 2" type="java.lang.AssertionError">a trace</failure>
				  </testcase>
				  <testcase classname="a.NewTests" name="ends"><error type="java.lang.Error"/></testcase>
				</testsuite>
				END
				echo BUILD FAILURE
				exit 1"""
			.formatted(reports.resolve("TEST-a.NewTests.xml")));

		assertThat(dev("test", "--batch-mode")).isEqualTo(1);
		assertThat(output()).endsWith("""
				BUILD FAILURE
				Failed: gateway: a.NewTests.fails: expected: 1 but was: 2
				Failed: gateway: a.NewTests.ends: java.lang.Error
				""");
		Files.delete(reports.resolve("TEST-a.NewTests.xml"));
		maven("exit 1");
		assertThat(dev("test")).isEqualTo(1);
		assertThat(output())
			.endsWith("No test failed. What stopped the build stands above; './dev format' formats code."
					+ System.lineSeparator());
	}

	@Test
	void aServiceThatDiesAtStartIsToldAndTheRestIsStopped() throws Exception {
		Process launcher = up("die beta-service", "--port=0", "--consul-port=0", "--prebuilt");

		assertEnds(launcher, 1);
		assertThat(output()).contains("beta-service-1 ended at start with exit code 1")
			.contains("the greeting is missing")
			.contains("The whole log:")
			.doesNotContain("\tat ");
	}

	@Test
	void withoutAConfigurationNothingElseIsStartedAndTheReasonIsTold() throws Exception {
		Files.writeString(repository.configRepo().resolve("error.json"),
				"{\"detail\": \"refused: user-service.yml:3: is no YAML\"}");

		Process launcher = up("", "--port=0", "--consul-port=0", "--prebuilt");

		assertEnds(launcher, 1);
		assertThat(output()).contains("config-server is healthy")
			.contains("user-service.yml:3: is no YAML")
			.doesNotContain("alpha-service");
	}

	@Test
	void whatIsRefusedIsToldInTheTerminalAndInTheStatus() throws Exception {
		Path status = repository.configRepo().resolve("status.json");
		Path history = repository.configRepo().resolve("history.json");
		Files.writeString(status, "{\"current\": \"good\"}");
		Process launcher = up("", "--port=0", "--consul-port=0", "--prebuilt");
		awaitOutput("Ctrl-C stops everything.");

		Files.writeString(history, """
				{"revisions": [{"id": "bad", "author": "a", "message": "m", "state": "REFUSED",
				 "problems": [{"file": "user-service.yml", "line": 3, "reason": "is no YAML"}]}]}""");

		awaitOutput("revision good stays in effect");
		assertThat(output()).contains("user-service.yml:3: is no YAML").contains("Correct that and save");
		assertThat(dev("status")).isZero();
		assertThat(output().split("user-service.yml:3", -1)).hasSize(3);
		ctrlC(launcher);
		assertEnds(launcher, 130);
	}

	@Test
	void aDetachedSystemIsStoppedByAnotherLauncher() throws Exception {
		Process launcher = up("", "--port=0", "--consul-port=0", "--prebuilt", "--detach");
		assertThat(launcher.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(launcher.exitValue()).isZero();
		assertThat(output()).contains("Everything is healthy after").contains("MiB").contains("curl");
		assertThat(dev("status")).isZero();

		assertThat(dev("pause", "alpha-service-1")).isZero();
		assertThat(dev("status")).isEqualTo(1);
		assertThat(output()).containsPattern("alpha-service-1 .* paused ");
		assertThat(dev("resume", "alpha-service-1")).isZero();
		assertThat(dev("status")).isZero();
		assertThat(dev("kill", "alpha-service-1")).isZero();
		assertThat(dev("status")).isEqualTo(1);
		assertThat(dev("start", "alpha-service-1")).isZero();
		assertThat(dev("stop", "no-service-1")).isEqualTo(1);
		assertThat(output()).contains("There is no instance no-service-1. Running: consul, postgres,");
		assertThat(dev("logs", "alpha-service-1")).isZero();
		assertThat(output()).contains("alpha-service-1 has started");
		assertThat(dev("down")).isZero();

		assertThat(processes()).isEmpty();
		assertThat(dev("status")).isEqualTo(1);
		assertThat(output()).contains("The system is not running. Start it with './dev up'.");
	}

	@Test
	void anInstanceThatDiesIsStartedAgainWhichStatusAndLogsTell() throws Exception {
		Process launcher = up("", "--port=0", "--consul-port=0", "--prebuilt");
		awaitOutput("Ctrl-C stops everything.");

		LocalSystem.attach(repository.root(), repository.state(), (step) -> {
		})
			.instances()
			.stream()
			.filter((instance) -> instance.name().equals("alpha-service-1"))
			.flatMap((instance) -> ProcessHandle.of(Objects.requireNonNull(instance.process()).pid()).stream())
			.forEach(ProcessHandle::destroyForcibly);

		awaitOutput("alpha-service-1 is healthy again");
		assertThat(dev("status")).isZero();
		assertThat(output()).containsPattern("alpha-service-1 .* healthy .*\n +restarts: 1, the last because it ended");
		assertThat(dev("logs", "alpha-service-1")).isZero();
		assertThat(output()).contains(" launcher: alpha-service-1 ended by itself. It is started again in 1 s.");
		ctrlC(launcher);
		assertEnds(launcher, 130);
	}

	@Test
	void downEndsALauncherInAnotherTerminal() throws Exception {
		Process launcher = up("", "--port=0", "--consul-port=0", "--prebuilt");
		awaitOutput("Ctrl-C stops everything.");

		assertThat(dev("down")).isZero();

		assertEnds(launcher, 143);
	}

	@Test
	void aTakenPortIsToldWithARemedy() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Process launcher = up("", "--port=" + taken.getLocalPort(), "--consul-port=0", "--prebuilt");

			assertEnds(launcher, 1);
			assertThat(output()).contains("which gateway needs, is taken").contains("--port");
		}
	}

	@Test
	void configServerAloneGetsItsSecrets() throws Exception {
		String secret = UUID.randomUUID().toString();
		environment.put("ENCRYPT_KEY", secret);
		environment.put("PLATFORM_CONFIG_SERVER_TOKEN", secret);

		assertEnds(up("", "--port=0", "--consul-port=0", "--prebuilt", "--detach"), 0, true);

		LocalSystem system = LocalSystem.attach(repository.root(), repository.state(), (step) -> {
		});
		for (Instance instance : system.instances()) {
			String variables = environment(Objects.requireNonNull(instance.process()).pid());
			if (instance.component().equals("config-server")) {
				assertThat(variables).contains("ENCRYPT_KEY=" + secret, "PLATFORM_CONFIG_SERVER_TOKEN=" + secret);
			}
			else {
				assertThat(variables).as(instance.name()).contains("FAKE_REPOSITORY=").doesNotContain(secret);
			}
		}
		assertThat(dev("down")).isZero();
	}

	@Test
	void dataIsKeptUnlessItIsToBeFresh() throws Exception {
		List<Path> markers = new ArrayList<>();
		for (String data : List.of("postgres", "config-history.git", "config-snapshots")) {
			Path folder = Files.createDirectories(repository.state().resolve(data));
			markers.add(Files.createFile(folder.resolve("marker")));
		}
		assertEnds(up("", "--port=0", "--consul-port=0", "--prebuilt", "--detach"), 0, true);
		assertThat(dev("down")).isZero();
		assertThat(markers).allSatisfy((marker) -> assertThat(marker).exists());
		assertEnds(up("", "--port=0", "--consul-port=0", "--prebuilt", "--detach", "--fresh"), 0, true);
		assertThat(markers).allSatisfy((marker) -> assertThat(marker).doesNotExist());
		assertThat(dev("down")).isZero();
	}

	/** Puts a Maven on the path that does only this. */
	private void maven(String script) throws IOException {
		Path maven = Files.writeString(Files.createDirectories(output.resolveSibling("bin")).resolve("mvn"),
				"#!/bin/sh\n" + script + "\n");
		assertThat(maven.toFile().setExecutable(true)).isTrue();
		environment.put("PATH", maven.getParent() + ":" + System.getenv("PATH"));
	}

	private Process up(String behaviour, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of("up"));
		all.addAll(List.of(arguments));
		return launch(behaviour, all);
	}

	private int dev(String... arguments) throws Exception {
		Process launcher = launch("", List.of(arguments));
		assertThat(launcher.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
		return launcher.exitValue();
	}

	private Process launch(String behaviour, List<String> arguments) throws IOException {
		// A build that runs in the background of a script ignores SIGINT, and its
		// children inherit that.
		List<String> command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT",
				Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
				System.getProperty("java.class.path"), "-Ddev.root=" + repository.root(), "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-Xms8m", "-Xmn4m", "-Xmx64m", Dev.class.getName(), arguments.get(0), "--state",
				repository.state().toString()));
		command.addAll(arguments.subList(1, arguments.size()));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
		builder.environment().putAll(environment);
		builder.environment().put("FAKE_BEHAVIOUR", behaviour);
		// Every descendant inherits it and can be told by it.
		builder.environment().put("FAKE_REPOSITORY", repository.root().toString());
		Process launcher = builder.start();
		launchers.add(launcher);
		return launcher;
	}

	private void ctrlC(Process launcher) {
		Programs.run(List.of("kill", "-s", "INT", "--", "-" + launcher.pid()));
	}

	private void assertEnds(Process launcher, int exitCode) throws Exception {
		assertEnds(launcher, exitCode, false);
	}

	private void assertEnds(Process launcher, int exitCode, boolean detached) throws Exception {
		assertThat(launcher.waitFor(START.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
		assertThat(launcher.exitValue()).as(output()).isEqualTo(exitCode);
		if (!detached) {
			assertThat(processes()).isEmpty();
			assertThat(repository.state().resolve("state.json")).doesNotExist();
		}
	}

	private void awaitOutput(String text) {
		await().atMost(START).until(() -> output().contains(text));
	}

	private String output() throws IOException {
		return Files.exists(output) ? Files.readString(output) : "";
	}

	private List<String> stopped() throws IOException {
		return output().lines()
			.filter((line) -> line.contains("Stopping "))
			.map((line) -> line.substring(line.indexOf("Stopping ")).split(" ", -1)[1])
			.toList();
	}

	/**
	 * Whatever the repository's system has started, wherever it is in the tree of
	 * processes.
	 */
	private List<ProcessHandle> processes() {
		String folder = repository.root().toString();
		return ProcessHandle.allProcesses()
			.filter((process) -> isOfSystem(process, folder))
			.filter((process) -> launchers.stream().noneMatch((launcher) -> launcher.pid() == process.pid()))
			.toList();
	}

	private static String environment(long pid) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(pid), "environ"));
	}

	private static boolean isOfSystem(ProcessHandle process, String folder) {
		try {
			String command = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
			return environment(process.pid()).contains(folder) || command.contains(folder);
		}
		catch (IOException ex) {
			return false;
		}
	}

}
