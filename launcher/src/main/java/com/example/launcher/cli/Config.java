package com.example.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev config}: what a person asks a config server and tells it.
 */
@Command(name = "config", mixinStandardHelpOptions = true,
		description = "Shows, compares and releases revisions of the configuration.",
		subcommands = { ConfigHistory.class, ConfigDiff.class, ConfigShow.class, ConfigStatus.class, ConfigKeys.class,
				ConfigRollback.class, ConfigGray.class, ConfigPromote.class, ConfigAbandon.class, ConfigEncrypt.class })
final class Config implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	Config() {
	}

	@Override
	public void run() {
		spec.commandLine().usage(spec.commandLine().getOut());
	}

}
