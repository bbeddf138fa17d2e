package com.example.launcher.cli;

import java.nio.file.Path;
import java.util.Map;

import com.example.launcher.LocalSystem;
import com.example.launcher.LocalSystemOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev up}.
 */
@Command(name = "up", mixinStandardHelpOptions = true, sortOptions = false,
		description = "Builds what is stale and starts everything. Ctrl-C stops it.")
final class Up implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Option(names = "--detach", description = "Return when everything is healthy; './dev down' stops it.")
	private boolean detach;

	@Option(names = "--replicas", paramLabel = "SERVICE=N",
			description = "Number of instances of a service, or of config-server.")
	private Map<String, Integer> replicas = Map.of();

	@Option(names = "--fresh", description = "Drop PostgreSQL's data and the configuration's history first.")
	private boolean fresh;

	@Option(names = "--port", paramLabel = "N", defaultValue = "8080",
			description = "Port of the gateway, 0 for any free one; default: ${DEFAULT-VALUE}")
	private int port;

	@Option(names = "--consul-port", paramLabel = "N", defaultValue = "8500",
			description = "Port of Consul, 0 for an agent of its own on a free one; default: ${DEFAULT-VALUE}")
	private int consulPort;

	@Option(names = "--config-repo", paramLabel = "DIR",
			description = "Folder that config-server serves; default: config-repo")
	private @Nullable Path configRepo;

	@Option(names = "--prebuilt", description = "Run what 'mvn package' built instead of building what is stale.")
	private boolean prebuilt;

	Up() {
	}

	@Override
	public void run() {
		Arguments.requirePort(spec, port);
		Arguments.requirePort(spec, consulPort);
		replicas.values().forEach((number) -> Arguments.requirePositive(spec, number));
		Console console = new Console(spec);
		Path served = (configRepo != null) ? configRepo : folders.root().resolve("config-repo");
		LocalSystem system = LocalSystem.start(new LocalSystemOptions(folders.root(), folders.state(), served, port,
				consulPort, true, replicas, fresh, prebuilt, detach), console::step);
		console.summary(system);
		if (!detach) {
			console.line("Ctrl-C stops everything.");
			system.awaitEnd((name) -> console
				.line("%1$s ended by itself. './dev logs %1$s' shows why, './dev start %1$s' starts it again."
					.formatted(name)));
		}
	}

}
