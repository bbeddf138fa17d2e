package com.example.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import com.example.launcher.build.ApplicationImage;
import com.example.launcher.build.Workspace;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.postgres.Database;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.Secrets;

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
	 */
	void prepare(Component component, SystemState state) {
		if (component.kind() == Component.Kind.CONSUL) {
			new ConsulBinary().locate(progress);
		}
		else if (component.kind() == Component.Kind.POSTGRES) {
			PostgresServer.prepareFolder(postgresFolder(), progress);
		}
		else {
			Instance instance = state.instancesOf(component.name()).get(0);
			Map<String, String> environment = environment(component, instance, state);
			environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_REGISTER", "false");
			image(component, state).train(environment, progress);
		}
	}

	/**
	 * Starts the process of an instance; what its component waits for must be healthy.
	 */
	RunningInstance start(Component component, Instance instance, SystemState state) {
		Path log = log(instance.name());
		return switch (component.kind()) {
			case CONSUL -> {
				ConsulAgent agent = ConsulAgent.start(new ConsulBinary().locate(progress), instance.port(), ports, log);
				yield new RunningInstance(agent.process(), agent::awaitReady);
			}
			case POSTGRES -> {
				PostgresServer server = PostgresServer.start(postgresFolder(), instance.port(), log, progress);
				yield new RunningInstance(server.process(), server::awaitReady);
			}
			case CONFIG_SERVER, SERVICE, GATEWAY -> {
				ApplicationImage image = image(component, state);
				ChildProcess process = ChildProcess.start(instance.name(), image.command(),
						environment(component, instance, state), image.folder(), log);
				yield new RunningInstance(process.identity(),
						() -> process.awaitReady(APPLICATION_START_TIMEOUT, () -> Health.isReady(instance)));
			}
		};
	}

	Path log(String instance) {
		return stateFolder.resolve("logs").resolve(instance + ".log");
	}

	Database database(Component component, SystemState state) {
		return PostgresServer.database(postgresFolder(), state.instance("postgres").port(),
				component.name().replace('-', '_'));
	}

	/** What a system leaves for the next one, unless that is to be fresh. */
	List<Path> dataFolders() {
		return List.of(postgresFolder(), configHistory(), configSnapshots());
	}

	private Path postgresFolder() {
		return stateFolder.resolve("postgres");
	}

	/** Shared by all config servers. */
	private Path configHistory() {
		return stateFolder.resolve("config-history.git").toAbsolutePath();
	}

	private Path configSnapshots() {
		return stateFolder.resolve("config-snapshots").toAbsolutePath();
	}

	/**
	 * Images are shared by all systems of the repository, whatever their state folder.
	 */
	private ApplicationImage image(Component component, SystemState state) {
		return ApplicationImage.unpacked(workspace.jar(component.name(), state.prebuilt()),
				workspace.root().resolve(".dev/images"));
	}

	private Map<String, String> environment(Component component, Instance instance, SystemState state) {
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("SERVER_ADDRESS", LOOPBACK);
		environment.put("SERVER_PORT", Integer.toString(instance.port()));
		environment.put("SPRING_CLOUD_CONSUL_HOST", LOOPBACK);
		environment.put("SPRING_CLOUD_CONSUL_PORT", Integer.toString(state.consulPort()));
		environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_HOSTNAME", LOOPBACK);
		environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID", instance.name());
		// Without it, glibc keeps a heap per thread and gives little back.
		environment.put("MALLOC_ARENA_MAX", "2");
		if (component.kind() == Component.Kind.CONFIG_SERVER) {
			environment.put("PLATFORM_CONFIG_SERVER_DIRECTORY", state.configRepo());
			environment.put("PLATFORM_CONFIG_SERVER_HISTORY", configHistory().toString());
			environment.putAll(Secrets.ofConfigServer());
			return environment;
		}
		environment.put("SPRING_CLOUD_CONFIG_URI",
				state.instancesOf("config-server")
					.stream()
					.map((server) -> "http://" + LOOPBACK + ":" + server.port())
					.collect(Collectors.joining(",")));
		environment.put("PLATFORM_CONFIG_REFRESH_SNAPSHOTS", configSnapshots().toString());
		if (component.kind() == Component.Kind.GATEWAY) {
			environment.put("MANAGEMENT_SERVER_ADDRESS", LOOPBACK);
			environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(instance.managementPort()));
		}
		else {
			environment.put("SPRING_GRPC_SERVER_ADDRESS", LOOPBACK);
			environment.put("SPRING_GRPC_SERVER_PORT", Integer.toString(instance.grpcPort()));
			Database database = database(component, state);
			environment.put("SPRING_DATASOURCE_URL", database.url());
			environment.put("SPRING_DATASOURCE_USERNAME", database.username());
			environment.put("SPRING_DATASOURCE_PASSWORD", database.password());
		}
		return environment;
	}

}
