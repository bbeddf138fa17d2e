package com.example.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.example.launcher.build.ApplicationPorts;
import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;

/**
 * What the local system consists of and what waits for what.
 *
 * @param components every component, after those that it waits for
 */
record Topology(List<Component> components) {

	private static final int REPLICAS = 2;

	/** The system on one page. */
	static Topology of(Workspace workspace, LocalSystemOptions options) {
		Map<String, Integer> replicas = options.replicas();
		int usual = options.small() ? 1 : REPLICAS;
		// A member of a cluster has ports for HTTP, for calls of servers, and for gossip.
		boolean cluster = options.consulServers() > 1;
		List<Component> consulServers = cluster ? List
			.of(component("consul-server", new ApplicationPorts(18510, 18300, 18301)).replicas(options.consulServers()))
				: List.of();
		Component consul = component("consul",
				cluster ? new ApplicationPorts(8500, 18290, 18291) : new ApplicationPorts(8500, 0, 0))
			.waitsFor(consulServers);
		// 5432 belongs to a PostgreSQL that is installed.
		Component postgres = component("postgres", new ApplicationPorts(15432, 0, 0));

		// Whoever takes the configuration centre out has none.
		List<Component> configServer = workspace.has("config-server")
				? List.of(component("config-server", workspace.ports("config-server"))
					.replicas(replicas.getOrDefault("config-server", 1))
					.waitsFor(List.of(consul)))
				: List.of();
		List<Component> infrastructure = Stream.concat(Stream.of(consul, postgres), configServer.stream()).toList();

		List<Component> services = workspace.services()
			.stream()
			.map((name) -> component(name, workspace.ports(name)).replicas(replicas.getOrDefault(name, usual))
				.waitsFor(infrastructure))
			.toList();

		// No service: the gateway learns from Consul who serves what, at any time.
		Component gateway = component("gateway", workspace.ports("gateway"))
			.waitsFor(Stream.concat(Stream.of(consul), configServer.stream()).toList());

		List<Component> all = new ArrayList<>(consulServers);
		all.addAll(infrastructure);
		all.addAll(services);
		all.add(gateway);
		Topology topology = new Topology(List.copyOf(all));
		require("service that can have several instances", replicas.keySet(),
				topology.scalable().stream().map(Component::name));
		return topology;
	}

	private static Component component(String name, ApplicationPorts ports) {
		return new Component(name, ports, 1, List.of());
	}

	/** Components of which there may be several instances. */
	List<Component> scalable() {
		return components.stream().filter((component) -> component.kind().isScalable()).toList();
	}

	List<Component> applications() {
		return components.stream().filter((component) -> component.kind().isApplication()).toList();
	}

	/**
	 * Refuses names that are none.
	 * @param without what is not to be started
	 * @param debugged instances that are to be debugged
	 */
	void check(Set<String> without, Set<String> debugged) {
		require("service that could be left to you", without,
				components.stream()
					.filter((component) -> component.kind().compareTo(Component.Kind.SERVICE) >= 0)
					.map(Component::name));
		require("instance that could be debugged", debugged,
				applications().stream().flatMap((component) -> component.instanceNames().stream()));
	}

	private static void require(String what, Set<String> names, Stream<String> known) {
		List<String> all = known.toList();
		Set<String> unknown = new TreeSet<>(names);
		all.forEach(unknown::remove);
		if (!unknown.isEmpty()) {
			throw new LocalSystemException("There is no %s by the name %s. There are: %s.".formatted(what,
					String.join(", ", unknown), String.join(", ", all)));
		}
	}

}
