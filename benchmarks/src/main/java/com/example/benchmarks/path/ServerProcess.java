package com.example.benchmarks.path;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.ProcessIdentity;

/**
 * An {@link EchoServer} in a JVM of its own, so that what it costs is not taken for a
 * cost of its callers.
 */
final class ServerProcess {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private final ChildProcess process;

	private final List<Integer> ports;

	private ServerProcess(ChildProcess process, List<Integer> ports) {
		this.process = process;
		this.ports = ports;
	}

	/**
	 * Starts a server and waits until it listens.
	 * @param kind how it serves
	 * @param number how many ports it serves on
	 * @param free where the ports come from
	 * @param folder gets its log
	 * @return the server
	 */
	static ServerProcess start(EchoServer.Kind kind, int number, FreePorts free, Path folder) {
		List<Integer> ports = Stream.generate(free::next).limit(number).toList();
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
				"-Xmx256m", "-cp", System.getProperty("java.class.path"), EchoServer.class.getName(), kind.name()));
		ports.forEach((port) -> command.add(Integer.toString(port)));
		ChildProcess process = ChildProcess.start("The server " + kind, command, Map.of(), Path.of("").toAbsolutePath(),
				folder.resolve(kind + ".log"));
		process.awaitReady(START_TIMEOUT, () -> ports.stream().noneMatch(FreePorts::isFree));
		return new ServerProcess(process, ports);
	}

	List<Integer> ports() {
		return ports;
	}

	void stop() {
		process.stop(ProcessIdentity.Signal.TERM, Duration.ofSeconds(5));
	}

}
