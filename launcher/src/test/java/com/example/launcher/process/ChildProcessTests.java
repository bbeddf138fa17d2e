package com.example.launcher.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs shell scripts")
class ChildProcessTests {

	private final Path log;

	ChildProcessTests(@TempDir Path folder) {
		this.log = folder.resolve("child.log");
	}

	@Test
	@Timeout(10)
	void aProcessThatDiesAtStartIsNoticedAtOnceWithItsLog() {
		ChildProcess child = child("echo the disk is full; exit 7");

		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> child.awaitReady(Duration.ofMinutes(5), () -> false))
			.withMessageContaining("exit code 7")
			.withMessageContaining("the disk is full")
			.withMessageContaining(log.toString());
	}

	@Test
	void aProcessThatIsNotReadyInTimeIsStopped() {
		ChildProcess child = child("sleep 60");

		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> child.awaitReady(Duration.ofMillis(100), () -> false))
			.withMessageContaining("not ready");
		assertThat(child.isAlive()).isFalse();
	}

	@Test
	void itHasAProcessGroupOfItsOwn() {
		ChildProcess child = child("ps -o pgid= -p $$; sleep 60");
		child.awaitReady(Duration.ofSeconds(5), () -> log.toFile().length() > 0);

		assertThat(new LogFile(log).cause().strip()).isEqualTo(Long.toString(child.identity().pid()));
		child.stop(ProcessIdentity.Signal.KILL, Duration.ofSeconds(5));
	}

	@Test
	void aMissingProgramIsASentence() {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> ChildProcess.start("child", List.of("sleep"), Map.of(), log.resolve("no-folder"), log))
			.withMessageContaining("Cannot start child");
	}

	private ChildProcess child(String script) {
		return ChildProcess.start("child", List.of("sh", "-c", script), Map.of(), Path.of("").toAbsolutePath(), log);
	}

}
