package com.example.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Commands of {@code ./dev config} that decide what instances get, and the one that makes
 * what a file needs for a secret.
 */
final class ConfigChanges {

	private ConfigChanges() {
	}

	@Command(name = "rollback", mixinStandardHelpOptions = true,
			description = "Releases again what an earlier revision holds.")
	static void rollback(@Mixin ConfigInvocation.Change change, @Parameters(paramLabel = "REVISION", arity = "0..1",
			description = "The earlier one; default: the one released before the current one") @Nullable String revision) {
		change.console()
			.line("Rolled back; current is "
					+ ConfigText.named(change.server().rollBack(revision, change.author(), change.message())) + ".");
	}

	@Command(name = "promote", mixinStandardHelpOptions = true,
			description = "Ends a gray release: all instances get its revision.")
	static void promote(@Mixin ConfigInvocation.Change change) {
		change.console()
			.line("All instances get " + ConfigText.named(change.server().promote(change.author(), change.message()))
					+ ".");
	}

	@Command(name = "abandon", mixinStandardHelpOptions = true,
			description = "Ends a gray release: its instances go back to the current revision.")
	static void abandon(@Mixin ConfigInvocation.Change change) {
		change.console()
			.line("The gray release has ended; current for all is "
					+ ConfigText.named(change.server().abandon(change.author(), change.message())) + ".");
	}

	/**
	 * The secret is no argument, because those stand in the shell's history and in the
	 * list of processes.
	 */
	@Command(name = "encrypt", mixinStandardHelpOptions = true,
			description = "Encrypts a secret, typed or piped in, so that a file of the configuration can hold it.")
	static void encrypt(@Mixin ConfigInvocation invocation) {
		ConfigServer server = invocation.server();
		// Beside the output, which may be piped on.
		PrintWriter err = invocation.err();
		String secret = secret(err);
		if (secret.isEmpty()) {
			throw new LocalSystemException("There is no secret. Type it, or pipe it in.");
		}
		invocation.console().line(server.encrypt(secret));
		err.println("Quote it in YAML: password: '{cipher}...'");
		err.flush();
	}

	/**
	 * JDK 22 to 24 take a pipe for a terminal, too; then its first line is the secret.
	 */
	@SuppressWarnings("SystemConsoleNull") // null without a terminal, as said above
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
