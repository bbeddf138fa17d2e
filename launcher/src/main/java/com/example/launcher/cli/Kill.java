package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;

/**
 * {@code ./dev kill}.
 */
@Command(name = "kill", mixinStandardHelpOptions = true, description = "Ends an instance at once, as a crash does.")
final class Kill extends InstanceCommand {

	Kill() {
	}

	@Override
	void apply(LocalSystem system, String instance) {
		system.kill(instance);
	}

	@Override
	String done() {
		return "is killed";
	}

}
