package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;

/**
 * {@code ./dev stop}.
 */
@Command(name = "stop", mixinStandardHelpOptions = true,
		description = "Asks an instance to stop and waits until it is gone.")
final class Stop extends InstanceCommand {

	Stop() {
	}

	@Override
	void apply(LocalSystem system, String instance) {
		system.stop(instance);
	}

	@Override
	String done() {
		return "is stopped";
	}

}
