package com.example.launcher.consul;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.Http;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.Programs;

/**
 * A running Consul agent, reachable on 127.0.0.1 only: in development mode one server
 * with its data in memory, else a member of a {@link ConsulCluster}. It has no DNS and no
 * gRPC port, so that several agents run side by side.
 */
public final class ConsulAgent implements AutoCloseable {

	/** Asks an agent to stop; with nothing to hand over it does so at once. */
	public static final ProcessIdentity.Signal STOP_SIGNAL = ProcessIdentity.Signal.TERM;

	/** How long an agent may take to stop. */
	public static final Duration STOP_GRACE = Duration.ofSeconds(5);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);

	/**
	 * All instances of this machine count as one client; each holds several connections.
	 */
	private static final String CONNECTIONS = "limits { http_max_conns_per_client = 2000 }";

	private static final Pattern LEADER = Pattern.compile("\"[^\"]+:\\d+\"");

	private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)");

	private final ChildProcess process;

	private final int port;

	private final String nodeId;

	private ConsulAgent(ChildProcess process, int port, String nodeId) {
		this.process = process;
		this.port = port;
		this.nodeId = nodeId;
	}

	/**
	 * Starts an agent, which is not ready yet.
	 * @param binary the {@code consul} program
	 * @param port HTTP port
	 * @param ports where the ports between servers come from
	 * @param log file that gets its output
	 * @param options further arguments
	 */
	public static ConsulAgent start(Path binary, int port, FreePorts ports, Path log, String... options) {
		List<String> all = new ArrayList<>(
				List.of("-dev", "-node=local", "-serf-lan-port=" + ports.next(), "-server-port=" + ports.next()));
		all.addAll(List.of(options));
		return start(binary, port, UUID.randomUUID().toString(), log, all);
	}

	/** An agent of any kind, as its options say. */
	static ConsulAgent start(Path binary, int port, String nodeId, Path log, List<String> options) {
		List<String> command = new ArrayList<>(List.of(binary.toString(), "agent", "-node-id=" + nodeId,
				"-bind=127.0.0.1", "-client=127.0.0.1", "-http-port=" + port, "-dns-port=-1", "-grpc-port=-1",
				"-serf-wan-port=-1", "-hcl=" + CONNECTIONS));
		if (hasGrpcTlsPort(binary)) {
			command.add("-grpc-tls-port=-1");
		}
		command.addAll(options);
		ChildProcess process = ChildProcess.start("Consul", command, Map.of(), Path.of("").toAbsolutePath(), log);
		return new ConsulAgent(process, port, nodeId);
	}

	/**
	 * Waits until the agent has elected itself leader.
	 * @return this agent
	 * @throws LocalSystemException if it does not start; then its process is gone
	 */
	public ConsulAgent awaitReady() {
		process.awaitReady(START_TIMEOUT, this::itselfAnswers);
		return this;
	}

	/** Whether an agent that knows its leader answers on that port of 127.0.0.1. */
	public static boolean answers(int port) {
		return Http.get(port, "/v1/status/leader", ANSWER_TIMEOUT)
			.filter((leader) -> LEADER.matcher(leader.strip()).matches())
			.isPresent();
	}

	/** Another agent may already have the port; then this one is about to end. */
	private boolean itselfAnswers() {
		return Http.get(port, "/v1/agent/self", ANSWER_TIMEOUT).filter((self) -> self.contains(nodeId)).isPresent()
				&& answers(port);
	}

	/** Consul 1.14 split the gRPC port in two; before, the flag is an error. */
	private static boolean hasGrpcTlsPort(Path binary) {
		String version = Programs.run(List.of(binary.toString(), "version")).lines().findFirst().orElse("");
		Matcher matcher = VERSION.matcher(version);
		if (!matcher.find()) {
			throw new LocalSystemException(
					binary + " does not tell its version (it said: " + version + "). Install Consul anew.");
		}
		int major = Integer.parseInt(matcher.group(1));
		return major > 1 || Integer.parseInt(matcher.group(2)) >= 14;
	}

	public int port() {
		return port;
	}

	public URI address() {
		return URI.create("http://127.0.0.1:" + port);
	}

	public ProcessIdentity process() {
		return process.identity();
	}

	@Override
	public void close() {
		process.stop(STOP_SIGNAL, STOP_GRACE);
	}

}
