package com.example.launcher.cli;

import java.io.PrintWriter;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.StoppedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev}: everything a developer does with this repository.
 */
@Command(name = "dev", mixinStandardHelpOptions = true, versionProvider = Version.class,
		description = "Runs and tests the whole system on this machine, without Docker.",
		subcommands = { Up.class, Down.class, Status.class, Logs.class, Scale.class, Stop.class, Kill.class,
				Pause.class, Resume.class, Start.class, Open.class, Config.class, MavenCommand.Test.class,
				MavenCommand.Format.class, Bench.class, HelpCommand.class })
public final class Dev implements Runnable {

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
		return new CommandLine(new Dev()).setCaseInsensitiveEnumValuesAllowed(true)
			.setExecutionExceptionHandler(Dev::tell);
	}

	@Override
	public void run() {
		spec.commandLine().usage(spec.commandLine().getOut());
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

}
