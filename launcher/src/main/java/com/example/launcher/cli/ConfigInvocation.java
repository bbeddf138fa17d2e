package com.example.launcher.cli;

import java.net.URI;

import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A call to a config server: that of the local system, or the one that is named.
 */
class ConfigInvocation extends Invocation {

	@Option(names = { "--url", "--server" }, paramLabel = "URL",
			description = "Address of another config server than that of the local system.")
	private @Nullable URI url;

	@Option(names = "--token", paramLabel = "TOKEN", defaultValue = "${env:PLATFORM_CONFIG_SERVER_TOKEN}",
			description = "Bearer token the server asks for; default: environment variable PLATFORM_CONFIG_SERVER_TOKEN")
	private @Nullable String token;

	ConfigServer server() {
		return new ConfigServer(address(), token);
	}

	private URI address() {
		if (url != null) {
			requireHttp(url);
			return url;
		}
		try {
			return system().address("config-server");
		}
		catch (LocalSystemException ex) {
			throw new LocalSystemException(ex.getMessage() + " A config server elsewhere is named by --url.", ex);
		}
	}

	/**
	 * A call that changes what instances get; the history keeps who gave it and why.
	 */
	static final class Change extends ConfigInvocation {

		@Option(names = { "-m", "--message" }, paramLabel = "MESSAGE", description = "Why, for the history.")
		private @Nullable String message;

		@Nullable String message() {
			return message;
		}

		String author() {
			return System.getProperty("user.name");
		}

	}

}
