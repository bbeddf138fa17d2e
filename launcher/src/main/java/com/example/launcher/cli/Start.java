package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;

/**
 * {@code ./dev start}.
 */
@Command(name = "start", mixinStandardHelpOptions = true,
		description = "Starts an instance that was stopped, killed or died.")
final class Start extends InstanceCommand {

	Start() {
	}

	@Override
	void apply(LocalSystem system, String instance) {
		system.start(instance);
	}

	@Override
	String done() {
		return "is healthy";
	}

}
