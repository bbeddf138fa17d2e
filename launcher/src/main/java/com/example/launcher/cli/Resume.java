package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;

/**
 * {@code ./dev resume}.
 */
@Command(name = "resume", mixinStandardHelpOptions = true, description = "Lets a paused instance go on.")
final class Resume extends InstanceCommand {

	Resume() {
	}

	@Override
	void apply(LocalSystem system, String instance) {
		system.resume(instance);
	}

	@Override
	String done() {
		return "goes on";
	}

}
