package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;

/**
 * {@code ./dev pause}.
 */
@Command(name = "pause", mixinStandardHelpOptions = true,
		description = "Halts an instance without ending it, as a machine that hangs does.")
final class Pause extends InstanceCommand {

	Pause() {
	}

	@Override
	void apply(LocalSystem system, String instance) {
		system.pause(instance);
	}

	@Override
	String done() {
		return "is paused";
	}

}
