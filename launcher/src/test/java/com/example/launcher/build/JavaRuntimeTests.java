package com.example.launcher.build;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JavaRuntimeTests {

	@Test
	void aProcessThatRunsOutOfMemoryEnds() throws Exception {
		Process process = new ProcessBuilder(
				JavaRuntime.command("-cp", System.getProperty("java.class.path"), Hoarder.class.getName()))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		try {
			assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as("exit code of the flag").isEqualTo(3);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Wants more memory than it gets and would go on, as a server does whose threads
	 * catch errors.
	 */
	static final class Hoarder {

		private Hoarder() {
		}

		public static void main(String... arguments) throws InterruptedException {
			try {
				System.out.println(new long[Integer.MAX_VALUE / 2].length);
			}
			catch (OutOfMemoryError error) {
				Thread.currentThread().join();
			}
		}

	}

}
