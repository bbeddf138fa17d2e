package com.example.launcher.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.ResourceBundle;

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
		Locale locale = Locale.getDefault(Locale.Category.DISPLAY);
		if (isChinese(locale)) {
			tellEncoding("stdout");
			tellEncoding("stderr");
		}
		System.exit(commandLine(locale).execute(arguments));
	}

	private static boolean isChinese(Locale locale) {
		return locale.getLanguage().equals(Locale.CHINESE.getLanguage());
	}

	/**
	 * picocli knows the encoding of a terminal by its name in JDK 17, and otherwise takes
	 * UTF-8 for it.
	 */
	private static void tellEncoding(String stream) {
		String encoding = System.getProperty(stream + ".encoding");
		if (encoding != null) {
			System.setProperty("sun." + stream + ".encoding", encoding);
		}
	}

	/** With the help in Chinese, where that is the language. */
	static CommandLine commandLine(Locale locale) {
		CommandLine dev = commandLine();
		return isChinese(locale)
				? dev.setResourceBundle(ResourceBundle.getBundle(Dev.class.getPackageName() + ".Help", Locale.CHINESE))
				: dev;
	}

	static CommandLine commandLine() {
		CommandLine dev = new CommandLine(new Dev());
		dev.addSubcommand(new Up());
		add(dev, SystemCommands.class, "down", "status");
		add(dev, InstanceCommands.class, "logs", "scale", "restart", "stop", "kill", "pause", "resume", "start");
		add(dev, SystemCommands.class, "env", "open", "doctor");
		CommandLine config = group("config", "Shows, compares and releases revisions of the configuration.");
		add(config, ConfigQueries.class, "history", "diff", "show", "status", "keys");
		add(config, ConfigChanges.class, "rollback");
		config.addSubcommand(new ConfigGray());
		add(config, ConfigChanges.class, "promote", "abandon", "encrypt");
		dev.addSubcommand(config);
		CommandLine jobs = new CommandLine(new JobsCommand());
		add(jobs, JobsCommand.class, "history", "runNow", "pause", "resume", "retry", "cancel");
		dev.addSubcommand(jobs);
		dev.addSubcommand(new LoadCommand());
		CommandLine contracts = group("contracts",
				"Compares the contracts of the services, gRPC and REST, with those that were released.");
		add(contracts, ContractCommands.class, "check", "callers", "release");
		dev.addSubcommand(contracts);
		CommandLine create = group("new",
				"Makes a part of the repository: a service, a migration, a method of a contract, a live value.");
		add(create, ScaffoldCommands.class, "newService", "newMigration", "newMethod", "newLiveValue");
		dev.addSubcommand(create);
		CommandLine remove = group("remove", "Takes a part of the repository out: a service, a starter.");
		add(remove, ScaffoldCommands.class, "removeService", "removeStarter");
		dev.addSubcommand(remove);
		add(dev, ScaffoldCommands.class, "rename");
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

	private static CommandLine group(String name, String description) {
		CommandLine group = new CommandLine(new Group());
		group.getCommandSpec().name(name).usageMessage().description(description);
		return group;
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
			err.println(
					"This is a mistake of ./dev itself. Report it with the lines above and what './dev doctor' says.");
		}
		err.flush();
		return CommandLine.ExitCode.SOFTWARE;
	}

	/**
	 * A command that has commands of its own, and prints its help without one.
	 */
	@Command(mixinStandardHelpOptions = true)
	private static final class Group implements Runnable {

		@Spec
		@SuppressWarnings("NullAway.Init") // set by picocli
		private CommandSpec spec;

		@Override
		public void run() {
			spec.commandLine().usage(spec.commandLine().getOut());
		}

	}

}
