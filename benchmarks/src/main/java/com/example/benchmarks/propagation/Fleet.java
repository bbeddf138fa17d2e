package com.example.benchmarks.propagation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.benchmarks.Processes;
import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.ProcessIdentity;

/**
 * The instances of one side and their caller, each a process of its own. Thread-safe.
 */
final class Fleet {

	// As the launcher runs services.
	private static final List<String> JVM = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
			"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xss512k", "-XX:+ExitOnOutOfMemoryError");

	private final Side side;

	private final int agentPort;

	private final FreePorts ports;

	private final Processes processes;

	private final Path folder;

	private final String classPath;

	private final Path archive;

	private volatile boolean archived;

	private final AtomicInteger started = new AtomicInteger();

	Fleet(Side side, int agentPort, FreePorts ports, Processes processes, Path folder) throws IOException {
		this.side = side;
		this.agentPort = agentPort;
		this.ports = ports;
		this.processes = processes;
		this.folder = folder;
		this.classPath = String.join(File.pathSeparator,
				ClassPath.asJars(side.classPath(), folder.resolve(side.label() + "-jars")));
		this.archive = folder.resolve(side.label() + ".jsa");
	}

	/**
	 * Says that an instance has ended, which left an archive of its classes: from now on
	 * processes start in a fraction of the time.
	 */
	void useArchive() {
		archived = true;
	}

	/** Starts an instance, which then takes seconds to register. */
	Instance startInstance() {
		String id = side.label() + "-" + started.incrementAndGet();
		int httpPort = ports.next();
		int grpcPort = ports.next();
		Path log = folder.resolve(id + ".log");
		Path gate = folder.resolve(id + ".gate");
		List<String> command = command(InstanceApplication.class, "--server.port=" + httpPort,
				"--server.address=127.0.0.1", "--spring.grpc.server.port=" + grpcPort,
				"--spring.grpc.server.address=127.0.0.1", "--management.endpoint.health.probes.enabled=true",
				"--" + InstanceApplication.GATE + "=" + gate, "--spring.application.name=" + side.label(),
				"--spring.cloud.consul.discovery.hostname=127.0.0.1",
				"--spring.cloud.consul.discovery.instance-id=" + id);
		ChildProcess process = processes.start(() -> ChildProcess.start(id, command, Map.of(), folder, log),
				(running) -> running.identity().send(ProcessIdentity.Signal.KILL));
		return new Instance(id, side.calledPort(httpPort, grpcPort), gate, process);
	}

	/** Starts the caller, which calls as soon as it has found an instance. */
	Caller startCaller() {
		List<String> command = command(side.caller(), "--spring.application.name=caller",
				"--" + Calls.SERVICE + "=" + side.label(), "--logging.threshold.console=off",
				"--logging.file.name=" + folder.resolve(side.label() + "-caller.log"));
		return processes.start(() -> {
			try {
				return Caller.start(command, folder.resolve(side.label() + "-caller.err").toFile());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, Caller::close);
	}

	private List<String> command(Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>(JVM);
		command.add((archived ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive);
		command.addAll(List.of("-cp", classPath, main.getName(), "--spring.cloud.config.enabled=false",
				"--spring.cloud.consul.host=127.0.0.1", "--spring.cloud.consul.port=" + agentPort));
		command.addAll(List.of(arguments));
		return command;
	}

	/**
	 * An instance.
	 *
	 * @param id its id in Consul
	 * @param port where it is called
	 * @param gate the file whose existence lets it be ready
	 * @param process the process
	 */
	record Instance(String id, int port, Path gate, ChildProcess process) {

		void beReady() {
			try {
				Files.createFile(gate);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		boolean isAlive() {
			return process.isAlive();
		}

		void send(ProcessIdentity.Signal signal) {
			process.identity().send(signal);
		}

	}

}
