package com.example.launcher.cli;

import java.net.URI;

import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command to a config server: that of the local system, or the one that is named.
 */
abstract class ConfigCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Option(names = { "--url", "--server" }, paramLabel = "URL",
			description = "Address of another config server than that of the local system.")
	private @Nullable URI url;

	@Option(names = "--token", paramLabel = "TOKEN", defaultValue = "${env:PLATFORM_CONFIG_SERVER_TOKEN}",
			description = "Bearer token the server asks for; default: environment variable PLATFORM_CONFIG_SERVER_TOKEN")
	private @Nullable String token;

	@Override
	public final void run() {
		check(spec);
		Console console = new Console(spec);
		run(new ConfigServer(address(console), token), console);
	}

	/** Refuses arguments that no server could do anything with. */
	void check(CommandSpec arguments) {
	}

	abstract void run(ConfigServer server, Console console);

	private URI address(Console console) {
		if (url != null) {
			Arguments.requireHttp(spec, url);
			return url;
		}
		try {
			return folders.system(console::line).address("config-server");
		}
		catch (LocalSystemException ex) {
			throw new LocalSystemException(ex.getMessage() + " A config server elsewhere is named by --url.", ex);
		}
	}

}
