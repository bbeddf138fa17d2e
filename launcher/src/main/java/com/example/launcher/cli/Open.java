package com.example.launcher.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.example.launcher.LocalSystem;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev open}.
 */
@Command(name = "open", mixinStandardHelpOptions = true,
		description = "Shows the addresses of gateway and Consul, and opens Consul's page in a browser if there is one.")
final class Open implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	Open() {
	}

	@Override
	public void run() {
		Console console = new Console(spec);
		LocalSystem system = folders.system(console::line);
		console.addresses(system);
		opener().ifPresent((opener) -> open(opener, system.consul().resolve("/ui/")));
	}

	private static void open(List<String> opener, URI page) {
		List<String> command = new ArrayList<>(opener);
		command.add(page.toString());
		Programs.run(command);
	}

	/** The desktop's own way to open a page, where there is a desktop. */
	private static Optional<List<String>> opener() {
		OperatingSystem system = OperatingSystem.current();
		return switch (system) {
			case MACOS -> Optional.of(List.of("open"));
			case WINDOWS -> Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
			case LINUX -> system.onPath("xdg-open")
				.filter((program) -> System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null)
				.map(Path::toString)
				.map(List::of);
		};
	}

}
