package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev down}.
 */
@Command(name = "down", mixinStandardHelpOptions = true,
		description = "Stops everything, also when it was started in another terminal.")
final class Down implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	Down() {
	}

	@Override
	public void run() {
		Console console = new Console(spec);
		LocalSystem.stop(folders.root(), folders.state(), console::step);
		console.line("Everything is stopped.");
	}

}
