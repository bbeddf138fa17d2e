package com.example.launcher.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

import com.example.launcher.LocalSystem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * One call of a command: the options that every command has, and what follows from them.
 */
class Invocation {

	private static final Set<String> HTTP = Set.of("http", "https");

	@Spec(Spec.Target.MIXEE)
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Option(names = "--root", paramLabel = "DIR", hidden = true, defaultValue = "${sys:dev.root:-.}",
			description = "Folder of the repository.")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private Path root;

	@Option(names = "--state", paramLabel = "DIR", description = "Folder for state, logs and data; default: .dev")
	private @Nullable Path state;

	private @Nullable Console console;

	Path root() {
		return root.toAbsolutePath().normalize();
	}

	Path state() {
		return (state != null) ? state.toAbsolutePath().normalize() : root().resolve(".dev");
	}

	Console console() {
		if (console == null) {
			console = new Console(spec.commandLine().getOut());
		}
		return console;
	}

	PrintWriter err() {
		return spec.commandLine().getErr();
	}

	/** The running system. */
	LocalSystem system() {
		return system(console()::line);
	}

	LocalSystem system(Consumer<String> progress) {
		return LocalSystem.attach(root(), state(), progress);
	}

	/** Refuses arguments that no command could do anything with. */
	void require(boolean condition, String message) {
		if (!condition) {
			throw refusal(message);
		}
	}

	ParameterException refusal(String message) {
		return new ParameterException(spec.commandLine(), message);
	}

	void requireBetween(String name, int number, int least, int most) {
		require(least <= number && number <= most,
				"%s must be a number from %d to %d, not %d.".formatted(name, least, most, number));
	}

	void requireHttp(URI address) {
		require(address.getHost() != null && HTTP.contains(String.valueOf(address.getScheme())),
				address + " is no address of a server. Write it like http://localhost:8888.");
	}

	void requireInstances(int number) {
		require(number >= 1, "The number of instances must be 1 or more.");
	}

}
