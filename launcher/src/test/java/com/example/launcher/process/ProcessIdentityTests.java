package com.example.launcher.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs shell scripts")
class ProcessIdentityTests {

	private static final Duration GRACE = Duration.ofMillis(200);

	private final Path log;

	ProcessIdentityTests(@TempDir Path folder) {
		this.log = folder.resolve("child.log");
	}

	@Test
	void thisProcessIsAlive() {
		assertThat(ProcessIdentity.current().isAlive()).isTrue();
	}

	@Test
	void aRecycledIdIsAnotherProcessAndIsNotEnded() {
		ChildProcess child = child("sleep 60");
		ProcessIdentity former = new ProcessIdentity(child.identity().pid(), child.identity().startTime() - 1);

		former.stop(ProcessIdentity.Signal.KILL, GRACE);

		assertThat(former.isAlive()).isFalse();
		assertThat(child.isAlive()).isTrue();
		child.stop(ProcessIdentity.Signal.KILL, GRACE);
	}

	@Test
	void aProcessThatIgnoresTheSignalIsKilled() {
		ChildProcess child = child("trap '' TERM; echo ready; while :; do sleep 0.1; done");
		child.awaitReady(Duration.ofSeconds(5), () -> log.toFile().length() > 0);

		child.stop(ProcessIdentity.Signal.TERM, GRACE);

		assertThat(child.identity().isAlive()).isFalse();
	}

	@Test
	void aProcessThatEndedButWasNotReapedIsNotAlive() {
		// The shell becomes a program that never reaps the child it started before.
		ChildProcess parent = child("sh -c 'echo $$' & exec sleep 60");
		parent.awaitReady(Duration.ofSeconds(5), () -> log.toFile().length() > 0);
		long childPid = Long.parseLong(new LogFile(log).cause().strip());
		Await.until(Duration.ofSeconds(5), Duration.ofMillis(10),
				() -> ProcessHandle.of(childPid).map(ProcessIdentity::of).filter(ProcessIdentity::isAlive).isEmpty());

		assertThat(ProcessHandle.of(childPid).map(ProcessIdentity::of).filter(ProcessIdentity::isAlive)).isEmpty();
		parent.stop(ProcessIdentity.Signal.KILL, GRACE);
	}

	private ChildProcess child(String script) {
		return ChildProcess.start("child", List.of("sh", "-c", script), Map.of(), Path.of("").toAbsolutePath(), log);
	}

}
