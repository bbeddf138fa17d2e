package com.example.launcher.cli;

import java.io.PrintWriter;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.StoppedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev}: everything a developer does with this repository. Without a command it
 * prints its help.
 */
@Command(name = "dev", mixinStandardHelpOptions = true, versionProvider = Dev.class,
		description = "Runs and tests the whole system on this machine, without Docker.")
public final class Dev implements Runnable, IVersionProvider {

	/** 128 and the number of SIGINT, as shells count. */
	private static final int INTERRUPTED = 130;

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	Dev() {
	}

	public static void main(String... arguments) {
		System.exit(commandLine().execute(arguments));
	}

	static CommandLine commandLine() {
		CommandLine dev = new CommandLine(new Dev());
		dev.addSubcommand(new Up());
		add(dev, SystemCommands.class, "down", "status");
		add(dev, InstanceCommands.class, "logs", "scale", "stop", "kill", "pause", "resume", "start");
		add(dev, SystemCommands.class, "open");
		CommandLine config = new CommandLine(new Config());
		add(config, ConfigQueries.class, "history", "diff", "show", "status", "keys");
		add(config, ConfigChanges.class, "rollback");
		config.addSubcommand(new ConfigGray());
		add(config, ConfigChanges.class, "promote", "abandon", "encrypt");
		dev.addSubcommand(config);
		dev.addSubcommand(new LoadCommand());
		dev.addSubcommand(new MavenCommands.Test());
		dev.addSubcommand(new MavenCommands.Format());
		dev.addSubcommand(new MavenCommands.Bench());
		dev.addSubcommand(new HelpCommand());
		return dev.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(Dev::tell);
	}

	/** Adds command methods in the order of the help; picocli would sort them by name. */
	private static void add(CommandLine parent, Class<?> group, String... methods) {
		for (String method : methods) {
			parent.addSubcommand(CommandLine.getCommandMethods(group, method).get(0));
		}
	}

	@Override
	public void run() {
		spec.commandLine().usage(spec.commandLine().getOut());
	}

	/** Which JVM runs the launcher, and with it the system. */
	@Override
	public String[] getVersion() {
		return new String[] { "Java " + Runtime.version() + " at " + System.getProperty("java.home") };
	}

	/**
	 * What a person can put right is a sentence; what is our mistake is a stack trace.
	 */
	private static int tell(Exception ex, CommandLine commandLine, CommandLine.ParseResult parseResult) {
		if (ex instanceof StoppedException) {
			// Whoever stops it says so.
			return INTERRUPTED;
		}
		PrintWriter err = commandLine.getErr();
		if (ex instanceof LocalSystemException) {
			err.println(ex.getMessage());
		}
		else {
			ex.printStackTrace(err);
		}
		err.flush();
		return CommandLine.ExitCode.SOFTWARE;
	}

	/**
	 * {@code ./dev config}, which prints its help, too.
	 */
	@Command(name = "config", mixinStandardHelpOptions = true,
			description = "Shows, compares and releases revisions of the configuration.")
	private static final class Config implements Runnable {

		@Spec
		@SuppressWarnings("NullAway.Init") // set by picocli
		private CommandSpec spec;

		@Override
		public void run() {
			spec.commandLine().usage(spec.commandLine().getOut());
		}

	}

}
