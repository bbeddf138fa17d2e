package com.example.launcher.process;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryTests {

	@Test
	void thisProcessTakesSomeMegabytes() {
		assertThat(Memory.ofProcess(ProcessIdentity.current()).orElseThrow()).isBetween(10L << 20, 4L << 30);
	}

	@Test
	void aProcessThatIsGoneTakesNone() {
		ProcessIdentity current = ProcessIdentity.current();

		assertThat(Memory.ofTree(new ProcessIdentity(current.pid(), current.startTime() - 1))).isEmpty();
	}

}
