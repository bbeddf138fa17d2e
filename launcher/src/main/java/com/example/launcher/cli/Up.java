package com.example.launcher.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

import com.example.launcher.LocalSystem;
import com.example.launcher.LocalSystemOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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

	private static final int CONSUL_PORT = 8500;

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

	@Option(names = "--port", paramLabel = "N",
			description = "Port of the gateway, 0 for any free one; default: 8080 if it is free, else any")
	private @Nullable Integer port;

	@ArgGroup
	private final Consul consul = new Consul();

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
		Arguments.requirePort(spec, consul.port);
		Integer agentPort = (consul.agent != null) ? Arguments.loopbackPort(spec, consul.agent, CONSUL_PORT) : null;
		replicas.values().forEach((number) -> Arguments.requirePositive(spec, number));
		Console console = new Console(spec);
		Path served = (configRepo != null) ? configRepo : folders.root().resolve("config-repo");
		LocalSystem system = LocalSystem.start(new LocalSystemOptions(folders.root(), folders.state(), served, port,
				consul.port, agentPort, true, replicas, fresh, prebuilt, detach), console::step);
		console.summary(system);
		if (!detach) {
			console.line("Ctrl-C stops everything.");
			RefusalWatch.start(system.refusals(), console::line);
			system.awaitEnd((name) -> console
				.line("%1$s ended by itself. './dev logs %1$s' shows why, './dev start %1$s' starts it again."
					.formatted(name)));
		}
	}

	/** An agent of its own, or one that runs already. */
	private static final class Consul {

		@Option(names = "--consul-port", paramLabel = "N",
				description = "Port of the system's own Consul agent, 0 for any free one; default: 8500 if it is free, else any")
		private @Nullable Integer port;

		@Option(names = "--consul", paramLabel = "URL",
				description = "Use the Consul agent that answers there, on this machine, instead of an own one.")
		private @Nullable URI agent;

	}

}
