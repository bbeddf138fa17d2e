package com.example.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.process.LocalSystemException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev config encrypt}. The secret is no argument, because those stand in the
 * shell's history and in the list of processes.
 */
@Command(name = "encrypt", mixinStandardHelpOptions = true,
		description = "Encrypts a secret, typed or piped in, so that a file of the configuration can hold it.")
final class ConfigEncrypt extends ConfigCommand {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	ConfigEncrypt() {
	}

	@Override
	void run(ConfigServer server, Console console) {
		// Beside the output, which may be piped on.
		PrintWriter err = spec.commandLine().getErr();
		String secret = secret(err);
		if (secret.isEmpty()) {
			throw new LocalSystemException("There is no secret. Type it, or pipe it in.");
		}
		console.line(server.encrypt(secret));
		err.println("Quote it in YAML: password: '{cipher}...'");
		err.flush();
	}

	/**
	 * JDK 22 to 24 take a pipe for a terminal, too; then its first line is the secret.
	 */
	@SuppressWarnings("SystemConsoleNull")
	private static String secret(PrintWriter err) {
		java.io.Console terminal = System.console();
		if (terminal != null) {
			err.print("Secret: ");
			err.flush();
			char[] typed = terminal.readPassword();
			return (typed != null) ? String.valueOf(typed) : "";
		}
		try {
			String piped = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
			// What 'echo' adds.
			return piped.replaceFirst("\\R$", "");
		}
		catch (IOException ex) {
			throw new LocalSystemException("The secret cannot be read (%s). Type it instead.".formatted(ex), ex);
		}
	}

}
