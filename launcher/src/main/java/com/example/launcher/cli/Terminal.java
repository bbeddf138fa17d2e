package com.example.launcher.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import com.example.launcher.process.LocalSystemException;

/**
 * Runs programs that talk to the person at the terminal themselves.
 */
final class Terminal {

	private Terminal() {
	}

	/**
	 * Runs a program to its end.
	 * @return its exit code
	 * @throws LocalSystemException if it cannot be started
	 */
	static int run(Path folder, List<String> command) {
		try {
			return new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new LocalSystemException("Cannot run %s (%s).".formatted(command.get(0), ex.getMessage()), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LocalSystemException("Interrupted while %s ran.".formatted(command.get(0)), ex);
		}
	}

}
