package com.example.launcher.consul;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A Consul cluster as it stands in production, on one machine: servers that agree on what
 * is stored (Raft), and the agent of the machine, a client, which everybody asks and
 * which asks whichever server lives. A majority of the servers has to live.
 *
 * @param binary the {@code consul} program
 * @param folder where each member keeps its data, also for when it starts again
 * @param gossip ports at which the servers gossip
 */
public record ConsulCluster(Path binary, Path folder, List<Integer> gossip) {

	/** Elections as quick as in production; the default suits small virtual machines. */
	private static final String QUICK = "performance { raft_multiplier = 1 }";

	/**
	 * A server that died comes back under its name. Had it been taken out meanwhile, the
	 * next one to die would cost the majority, for good.
	 */
	private static final String KEEP = "autopilot { cleanup_dead_servers = false }";

	/** The machine does not leave when its agent is stopped, so services stay listed. */
	private static final String STAY = "leave_on_terminate = false";

	/**
	 * Starts a server, which is ready when a majority has elected a leader.
	 * @param port HTTP port
	 * @param serverPort port for other servers and for agents
	 * @param gossipPort one of {@link #gossip}
	 * @param log file that gets its output
	 * @param options further arguments
	 */
	public ConsulAgent startServer(String name, int port, int serverPort, int gossipPort, Path log, String... options) {
		return start(name, port, log, options, "-server", "-bootstrap-expect=" + gossip.size(),
				"-server-port=" + serverPort, "-serf-lan-port=" + gossipPort, "-hcl=" + QUICK, "-hcl=" + KEEP);
	}

	/**
	 * Starts the machine's agent, which is ready when it reaches the leader.
	 * @param port HTTP port
	 * @param serverPort its other port, which it has in common with servers
	 * @param gossipPort where it gossips: always the same, since a member that has moved
	 * is not believed until it has been dead for long
	 * @param log file that gets its output
	 * @param options further arguments
	 */
	public ConsulAgent startClient(String name, int port, int serverPort, int gossipPort, Path log, String... options) {
		return start(name, port, log, options, "-server-port=" + serverPort, "-serf-lan-port=" + gossipPort,
				"-hcl=" + STAY);
	}

	private ConsulAgent start(String name, int port, Path log, String[] options, String... kind) {
		Path data = folder.resolve(name);
		List<String> all = new ArrayList<>(List.of("-ui", "-node=" + name, "-data-dir=" + data, "-retry-interval=1s"));
		gossip.forEach((server) -> all.add("-retry-join=127.0.0.1:" + server));
		all.addAll(List.of(kind));
		all.addAll(List.of(options));
		// The same one when it starts again.
		UUID nodeId = UUID.nameUUIDFromBytes(data.toString().getBytes(StandardCharsets.UTF_8));
		return ConsulAgent.start(binary, port, nodeId.toString(), log, all);
	}

}
