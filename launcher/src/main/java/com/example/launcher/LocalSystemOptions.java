package com.example.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * How a local system is started.
 *
 * @param root folder of the repository
 * @param state folder for state, logs and data
 * @param configRepo folder that config-server serves
 * @param gatewayPort port of the gateway; 0 for any free one, {@code null} like the other
 * ports
 * @param consulPort port of its own Consul agent; 0 for any free one, {@code null} like
 * the other ports
 * @param agentPort port of a Consul agent that runs already and is used instead,
 * {@code null} without one
 * @param usualPorts whether the other ports are the usual ones where they are free, else
 * any
 * @param consulServers servers of a Consul cluster, to which the agent belongs then; 1
 * for an agent that is a server itself
 * @param replicas number of instances by service or config-server, where it is not the
 * usual one
 * @param small whether it takes little memory: one instance of each service, small heaps,
 * and no archives of classes
 * @param fresh whether PostgreSQL's data and the history of the configuration are dropped
 * first
 * @param prebuilt whether to run what the main build made, instead of building what is
 * stale
 * @param without services, or the gateway, that somebody else starts
 * @param debugged instances that let debuggers in
 * @param detached whether the system stays when this JVM ends
 */
public record LocalSystemOptions(Path root, Path state, Path configRepo, @Nullable Integer gatewayPort,
		@Nullable Integer consulPort, @Nullable Integer agentPort, boolean usualPorts, int consulServers,
		Map<String, Integer> replicas, boolean small, boolean fresh, boolean prebuilt, Set<String> without,
		Set<String> debugged, boolean detached) {

	public LocalSystemOptions {
		root = root.toAbsolutePath().normalize();
		state = state.toAbsolutePath().normalize();
		configRepo = configRepo.toAbsolutePath().normalize();
		replicas = Map.copyOf(replicas);
		without = Set.copyOf(without);
		debugged = Set.copyOf(debugged);
	}

	/**
	 * A system that shares nothing with others but the sources: free ports, an agent of
	 * its own, data in the given folder, and the applications of the main build.
	 */
	public static LocalSystemOptions isolated(Path root, Path state, Path configRepo) {
		return new LocalSystemOptions(root, state, configRepo, null, null, null, false, 1, Map.of(), false, true, true,
				Set.of(), Set.of(), false);
	}

	public LocalSystemOptions replicas(Map<String, Integer> byService) {
		return new LocalSystemOptions(root, state, configRepo, gatewayPort, consulPort, agentPort, usualPorts,
				consulServers, byService, small, fresh, prebuilt, without, debugged, detached);
	}

	public LocalSystemOptions leaving(Set<String> components) {
		return new LocalSystemOptions(root, state, configRepo, gatewayPort, consulPort, agentPort, usualPorts,
				consulServers, replicas, small, fresh, prebuilt, components, debugged, detached);
	}

	/** With servers of a Consul cluster. */
	public LocalSystemOptions consulServers(int number) {
		return new LocalSystemOptions(root, state, configRepo, gatewayPort, consulPort, agentPort, usualPorts, number,
				replicas, small, fresh, prebuilt, without, debugged, detached);
	}

	/** With little memory. */
	public LocalSystemOptions withLittleMemory() {
		return new LocalSystemOptions(root, state, configRepo, gatewayPort, consulPort, agentPort, usualPorts,
				consulServers, replicas, true, fresh, prebuilt, without, debugged, detached);
	}

}
