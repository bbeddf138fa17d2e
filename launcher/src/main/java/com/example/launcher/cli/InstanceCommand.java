package com.example.launcher.cli;

import com.example.launcher.LocalSystem;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A command about one running instance.
 */
abstract class InstanceCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Parameters(paramLabel = "INSTANCE", description = "Name of an instance, for example user-service-1.")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private String instance;

	@Override
	public final void run() {
		Console console = new Console(spec);
		apply(folders.system(console::line), instance);
		console.line(instance + " " + done() + ".");
	}

	abstract void apply(LocalSystem system, String instance);

	/** What has happened to the instance. */
	abstract String done();

}
