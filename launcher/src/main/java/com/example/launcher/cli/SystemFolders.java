package com.example.launcher.cli;

import java.nio.file.Path;
import java.util.function.Consumer;

import com.example.launcher.LocalSystem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where a system's sources and state are: options of every command.
 */
final class SystemFolders {

	@Option(names = "--root", paramLabel = "DIR", hidden = true, defaultValue = "${sys:dev.root:-.}",
			description = "Folder of the repository.")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private Path root;

	@Option(names = "--state", paramLabel = "DIR", description = "Folder for state, logs and data; default: .dev")
	private @Nullable Path state;

	SystemFolders() {
	}

	Path root() {
		return root.toAbsolutePath().normalize();
	}

	Path state() {
		return (state != null) ? state.toAbsolutePath().normalize() : root().resolve(".dev");
	}

	/** The running system. */
	LocalSystem system(Consumer<String> progress) {
		return LocalSystem.attach(root(), state(), progress);
	}

}
