package com.example.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import com.example.launcher.build.ApplicationImage;
import com.example.launcher.build.MavenBuild;
import com.example.launcher.build.Workspace;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.consul.ConsulCluster;
import com.example.launcher.postgres.Database;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.Folders;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.Secrets;
import com.example.launcher.process.WriteFailure;

/**
 * How each kind of instance becomes a process. Everything an application is told goes
 * through environment variables that Spring itself reads.
 */
final class InstanceStarter {

	private static final String LOOPBACK = "127.0.0.1";

	private static final Duration APPLICATION_START_TIMEOUT = Duration.ofMinutes(2);

	private final Workspace workspace;

	private final Path stateFolder;

	private final FreePorts ports;

	private final Consumer<String> progress;

	InstanceStarter(Workspace workspace, Path stateFolder, FreePorts ports, Consumer<String> progress) {
		this.workspace = workspace;
		this.stateFolder = stateFolder;
		this.ports = ports;
		this.progress = progress;
	}

	/**
	 * Does what takes time and leaves no process: fetching, unpacking, recording classes.
	 * What the component waits for must be healthy.
	 * @return folder of the image from which an application starts
	 */
	Optional<Path> prepare(String component, SystemState state) {
		return switch (Component.Kind.of(component)) {
			case CONSUL_SERVER, CONSUL -> {
				new ConsulBinary().locate(progress);
				yield Optional.empty();
			}
			case POSTGRES -> {
				PostgresServer.prepareFolder(postgresFolder(), progress);
				yield Optional.empty();
			}
			case CONFIG_SERVER, SERVICE, GATEWAY -> {
				Instance instance = state.instancesOf(component).get(0);
				Map<String, String> environment = environment(instance, state);
				environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_REGISTER", "false");
				ApplicationImage image = image(component, state);
				if (!state.small()) {
					image.train(environment, progress);
				}
				yield Optional.of(image.folder());
			}
		};
	}

	/**
	 * Starts the process of an instance; what its component waits for must be healthy.
	 */
	Started start(Instance instance, SystemState state) {
		Path log = log(instance.name());
		Path temporary = emptyTemporaryFolder(instance);
		Path pidFile = temporary.resolve("pid");
		return switch (instance.kind()) {
			case CONSUL_SERVER, CONSUL -> {
				ConsulAgent agent = consul(instance, state, log, "-pid-file=" + pidFile);
				yield new Started(agent.process(), agent::awaitReady);
			}
			case POSTGRES -> {
				PostgresServer server = PostgresServer.start(postgresFolder(), instance.port(), log,
						List.of("external_pid_file=" + pidFile), progress);
				yield new Started(server.process(), server::awaitReady);
			}
			case CONFIG_SERVER, SERVICE, GATEWAY -> {
				ApplicationImage image = image(instance.component(), state);
				ChildProcess process = ChildProcess.start(instance.name(),
						image.command(temporary, instance.debugPort(), state.small()), environment(instance, state),
						image.folder(), log);
				yield new Started(process.identity(),
						() -> process.awaitReady(APPLICATION_START_TIMEOUT, () -> Health.isReady(instance)));
			}
		};
	}

	private ConsulAgent consul(Instance instance, SystemState state, Path log, String... options) {
		Path binary = new ConsulBinary().locate(progress);
		List<Instance> servers = state.instancesOf("consul-server");
		if (servers.isEmpty()) {
			return ConsulAgent.start(binary, instance.port(), ports, log, options);
		}
		ConsulCluster cluster = new ConsulCluster(binary, consulFolder(),
				servers.stream().map(Instance::managementPort).toList());
		return (instance.kind() == Component.Kind.CONSUL)
				? cluster.startClient(instance.name(), instance.port(), instance.grpcPort(), instance.managementPort(),
						log, options)
				: cluster.startServer(instance.name(), instance.port(), instance.grpcPort(), instance.managementPort(),
						log, options);
	}

	/**
	 * Builds what is stale of an application.
	 * @return folder of the image of what it is now
	 */
	Path build(String component, SystemState state) {
		return (state.prebuilt() ? built(component, state)
				: new MavenBuild(workspace, workspace.root().resolve(".dev")).image(component, images(), progress))
			.folder();
	}

	/**
	 * A process that somebody starts by hand: in place of an instance that does not run,
	 * else beside the others.
	 */
	OwnProcess ownProcess(String component, SystemState state) {
		return new OwnProcess(environment(state.instancesOf(component)
			.stream()
			.filter((instance) -> !instance.isAlive() && FreePorts.isFree(instance.port()))
			.findFirst()
			.orElseGet(() -> beside(component)), state));
	}

	private Instance beside(String component) {
		int port = ports.next();
		return Instance.planned(component + "-" + port, component, port, ports.next(), ports.next());
	}

	/** A port for a debugger. */
	int debugger() {
		return ports.prefer(PortPlan.DEBUGGER);
	}

	/** What a main class that is started by hand is told. */
	Path environmentFile(String component) {
		return stateFolder.resolve("env").resolve(component + ".properties");
	}

	Path log(String instance) {
		return stateFolder.resolve("logs").resolve(instance + ".log");
	}

	Database database(String service, SystemState state) {
		return PostgresServer.database(postgresFolder(), state.instance("postgres").port(), service.replace('-', '_'));
	}

	/** What a system leaves for the next one, unless that is to be fresh. */
	List<Path> dataFolders() {
		return List.of(postgresFolder(), configHistory(), configSnapshots());
	}

	private Path postgresFolder() {
		return stateFolder.resolve("postgres");
	}

	/** What the members of a Consul cluster keep, which begins anew with each system. */
	Path consulFolder() {
		return stateFolder.resolve("consul").toAbsolutePath();
	}

	/** Shared by all config servers. */
	private Path configHistory() {
		return stateFolder.resolve("config-history.git").toAbsolutePath();
	}

	private Path configSnapshots() {
		return stateFolder.resolve("config-snapshots").toAbsolutePath();
	}

	private Path emptyTemporaryFolder(Instance instance) {
		Path folder = Leftover.temporaryFolder(stateFolder, instance.name());
		try {
			Folders.delete(folder);
			return Files.createDirectories(folder);
		}
		catch (IOException ex) {
			throw WriteFailure.of(folder, ex, WriteFailure.STATE);
		}
	}

	/**
	 * The very image from which other instances run, whatever was built since. Images are
	 * shared by all systems of the repository, whatever their state folder.
	 */
	private ApplicationImage image(String component, SystemState state) {
		String used = state.images().get(component);
		if (used != null && ApplicationImage.isIn(Path.of(used))) {
			return ApplicationImage.in(Path.of(used), component);
		}
		return built(component, state);
	}

	private ApplicationImage built(String component, SystemState state) {
		Path jar = workspace.jar(component, state.prebuilt());
		if (!Files.exists(jar)) {
			throw new LocalSystemException("There is no %s to start from. %s".formatted(jar, state.prebuilt()
					? "Run 'mvn package' first." : "'./dev down' and './dev up' build and start what there is now."));
		}
		return ApplicationImage.unpacked(jar, images());
	}

	private Path images() {
		return workspace.root().resolve(".dev/images");
	}

	private Map<String, String> environment(Instance instance, SystemState state) {
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("SERVER_ADDRESS", LOOPBACK);
		environment.put("SERVER_PORT", Integer.toString(instance.port()));
		environment.put("SPRING_CLOUD_CONSUL_HOST", LOOPBACK);
		environment.put("SPRING_CLOUD_CONSUL_PORT", Integer.toString(state.consulPort()));
		environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_HOSTNAME", LOOPBACK);
		environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID", instance.name());
		// Without it, glibc keeps a heap per thread and gives little back.
		environment.put("MALLOC_ARENA_MAX", "2");
		environment.put("MALLOC_TRIM_THRESHOLD_", "131072");
		if (instance.kind() == Component.Kind.CONFIG_SERVER) {
			environment.put("PLATFORM_CONFIG_SERVER_DIRECTORY", state.configRepo());
			environment.put("PLATFORM_CONFIG_SERVER_HISTORY", configHistory().toString());
			environment.putAll(Secrets.ofConfigServer());
			return environment;
		}
		String configServers = state.instancesOf("config-server")
			.stream()
			.map((server) -> "http://" + LOOPBACK + ":" + server.port())
			.collect(Collectors.joining(","));
		// Else it would outrank the address of a server that is not of this system.
		if (!configServers.isEmpty()) {
			environment.put("SPRING_CLOUD_CONFIG_URI", configServers);
		}
		environment.put("PLATFORM_CONFIG_CLIENT_SNAPSHOTS", configSnapshots().toString());
		if (instance.kind() == Component.Kind.GATEWAY) {
			environment.put("MANAGEMENT_SERVER_ADDRESS", LOOPBACK);
			environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(instance.managementPort()));
			environment.put("PLATFORM_GATEWAY_HOME_PAGE", "true");
		}
		else {
			environment.put("SPRING_GRPC_SERVER_ADDRESS", LOOPBACK);
			environment.put("SPRING_GRPC_SERVER_PORT", Integer.toString(instance.grpcPort()));
			Database database = database(instance.component(), state);
			environment.put("SPRING_DATASOURCE_URL", database.url());
			environment.put("SPRING_DATASOURCE_USERNAME", database.username());
			environment.put("SPRING_DATASOURCE_PASSWORD", database.password());
			if (state.small()) {
				// Each connection is a process of PostgreSQL.
				environment.put("SPRING_DATASOURCE_HIKARI_MINIMUM_IDLE", "2");
			}
		}
		return environment;
	}

	/**
	 * An instance whose process was just started.
	 *
	 * @param process its process
	 * @param ready waits until it is ready
	 */
	record Started(ProcessIdentity process, Runnable ready) {

	}

}
