package com.example.launcher.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.example.launcher.LocalSystem;
import com.example.launcher.LocalSystemOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ./dev up}.
 */
@Command(name = "up", mixinStandardHelpOptions = true, sortOptions = false,
		description = "Builds what is stale and starts everything. Ctrl-C stops it.")
final class Up implements Runnable {

	private static final int LAST_PORT = 65_535;

	private static final int CONSUL_PORT = 8500;

	private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

	private static final Set<Integer> CLUSTERS = Set.of(1, 3, 5);

	private static final long SECONDS_BETWEEN_REFUSALS = 1;

	@Mixin
	private final Invocation invocation = new Invocation();

	@Option(names = "--detach", description = "Return when everything is healthy; './dev down' stops it.")
	private boolean detach;

	@Option(names = "--replicas", paramLabel = "SERVICE=N",
			description = "Number of instances of a service, or of config-server.")
	private Map<String, Integer> replicas = Map.of();

	@Option(names = "--small", description = "Take little memory: one instance of each service, small heaps.")
	private boolean small;

	@Option(names = "--without", paramLabel = "SERVICE", split = ",",
			description = "Do not start a service, or the gateway, but prepare everything for one that you start in an IDE.")
	private Set<String> without = Set.of();

	@Option(names = "--debug", paramLabel = "INSTANCE", split = ",",
			description = "Let a debugger into an instance, for example user-service-1.")
	private Set<String> debugged = Set.of();

	@Option(names = "--fresh", description = "Drop PostgreSQL's data and the configuration's history first.")
	private boolean fresh;

	@Option(names = "--port", paramLabel = "N",
			description = "Port of the gateway, 0 for any free one; default: 8080 if it is free, else any")
	private @Nullable Integer port;

	@ArgGroup
	private final Consul consul = new Consul();

	@Option(names = "--consul-servers", paramLabel = "N",
			description = "Let Consul be a cluster of 3 or 5 servers, of which a minority may die.")
	private int consulServers = 1;

	@Option(names = "--config-repo", paramLabel = "DIR",
			description = "Folder that config-server serves; default: config-repo")
	private @Nullable Path configRepo;

	@Option(names = "--prebuilt", description = "Run what 'mvn package' built instead of building what is stale.")
	private boolean prebuilt;

	@Override
	public void run() {
		requirePort(port);
		requirePort(consul.port);
		Integer agentPort = (consul.agent != null) ? loopbackPort(consul.agent) : null;
		replicas.values().forEach(invocation::requireInstances);
		invocation.require(CLUSTERS.contains(consulServers), consulServers
				+ " is no number of Consul servers: a majority of them has to live. Use 3 or 5, or 1 for no cluster.");
		invocation.require(consulServers == 1 || consul.agent == null,
				"The agent at --consul belongs to others. Leave it out, or leave out --consul-servers.");
		Console console = invocation.console();
		Path root = invocation.root();
		LocalSystem system = LocalSystem.start(
				new LocalSystemOptions(root, invocation.state(),
						(configRepo != null) ? configRepo : root.resolve("config-repo"), port, consul.port, agentPort,
						true, consulServers, replicas, small, fresh, prebuilt, without, debugged, detach),
				console::step);
		console.summary(system);
		if (!detach) {
			console.line("Ctrl-C stops everything.");
			watchRefusals(system, console);
			system.awaitEnd();
		}
	}

	private void requirePort(@Nullable Integer number) {
		invocation.require(number == null || (number >= 0 && number <= LAST_PORT),
				number + " is no port. Use a number from 1 to " + LAST_PORT + ", or 0 for any free port.");
	}

	/** The port of an agent on this machine, where alone instances listen. */
	private int loopbackPort(URI agent) {
		invocation.requireHttp(agent);
		invocation.require(LOOPBACK.contains(agent.getHost()), agent
				+ " is on another machine, from which no instance could be reached: they listen on 127.0.0.1 only. Name an agent on this machine.");
		return (agent.getPort() != -1) ? agent.getPort() : CONSUL_PORT;
	}

	/**
	 * Tells when a saved configuration is refused, which would otherwise be seen only by
	 * those who ask. Ends with the JVM.
	 */
	private static void watchRefusals(LocalSystem system, Console console) {
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread daemon = new Thread(task, "refusals");
			daemon.setDaemon(true);
			return daemon;
		});
		var unused = thread.scheduleWithFixedDelay(() -> console.refusals(system), SECONDS_BETWEEN_REFUSALS,
				SECONDS_BETWEEN_REFUSALS, TimeUnit.SECONDS);
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
