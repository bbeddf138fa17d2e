package com.example.launcher;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.example.launcher.Component.Kind;
import com.example.launcher.Instance.Demand;
import com.example.launcher.build.MavenBuild;
import com.example.launcher.build.Workspace;
import com.example.launcher.configserver.Refusals;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.process.Disk;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;

/**
 * The start of a system: from the sources to a plan, and from the plan to processes, each
 * when what it waits for is healthy.
 */
final class Startup {

	private final LocalSystemOptions options;

	private final Workspace workspace;

	private final Topology topology;

	private final Instances instances;

	private final Refusals refusals;

	Startup(LocalSystemOptions options, Instances instances, Refusals refusals) {
		this.options = options;
		this.workspace = new Workspace(options.root());
		this.topology = Topology.of(workspace, options);
		topology.check(options.without(), options.debugged());
		this.instances = instances;
		this.refusals = refusals;
	}

	/**
	 * Decides which instances there are and on which ports.
	 * @throws LocalSystemException if a system runs already
	 */
	void plan() {
		if (!Files.isDirectory(options.configRepo())) {
			throw new LocalSystemException(
					"There is no folder %s, where the configuration should be. 'git restore config-repo' brings back that of the repository; --config-repo names another."
						.formatted(options.configRepo()));
		}
		Disk.requireRoom(options.state());
		instances.stateFile().requireNothingRuns();
		instances.create(options.usualPorts(), this::plan);
	}

	private SystemState plan(PortPlan ports) {
		List<Instance> planned = new ArrayList<>();
		for (Component component : topology.components()) {
			switch (component.kind()) {
				case CONSUL -> {
					if (options.agentPort() == null) {
						planned.add(ports.instance(component, options.consulPort(), "--consul-port"));
					}
				}
				case GATEWAY -> planned.add(ports.instance(component, options.gatewayPort(), "--port"));
				case CONSUL_SERVER, POSTGRES, CONFIG_SERVER, SERVICE -> {
					for (int number = 1; number <= replicas(component); number++) {
						planned.add(ports.instance(component, number));
					}
				}
			}
		}
		planned.replaceAll((instance) -> options.debugged().contains(instance.name())
				? instance.debuggedAt(instances.starter().debugger())
				: isLeft(instance.component()) ? instance.demanding(Demand.END) : instance);
		Integer agent = options.agentPort();
		if (agent != null) {
			requireFreeAgent(agent, planned);
		}
		if (!ports.taken().isEmpty()) {
			instances.step("Taken by others: %s. Free ports are used instead; the addresses are told at the end."
				.formatted(String.join(", ", ports.taken().stream().map(String::valueOf).toList())));
		}
		return new SystemState(ProcessIdentity.current(), (agent != null) ? agent : consul(planned).port(),
				options.configRepo().toString(), options.prebuilt(), options.small(), Map.of(), planned);
	}

	/**
	 * Builds what is stale, starts what was planned and waits until it is healthy.
	 */
	void run() {
		instances.delete(List.of(options.state().resolve("logs"), instances.starter().consulFolder()));
		instances.deleteTemporaryFiles();
		if (options.fresh()) {
			instances.delete(instances.starter().dataFolders());
		}
		if (!options.prebuilt()) {
			new MavenBuild(workspace, workspace.root().resolve(".dev"))
				.buildIfStale(topology.applications().stream().map(Component::name).toList(), instances::step);
		}
		ExecutorService executor = Executors.newCachedThreadPool();
		try {
			Map<Component, CompletableFuture<Void>> healthy = new HashMap<>();
			CompletableFuture<Void> failure = new CompletableFuture<>();
			for (Component component : topology.components()) {
				CompletableFuture<?>[] needs = component.waitsFor()
					.stream()
					.map(healthy::get)
					.toArray(CompletableFuture<?>[]::new);
				CompletableFuture<Void> own = CompletableFuture.allOf(needs)
					.thenRunAsync(() -> startAll(component.name()), executor);
				healthy.put(component, own.whenComplete((nothing, ex) -> {
					if (ex != null) {
						failure.completeExceptionally(ex);
					}
				}));
			}
			CompletableFuture<?>[] all = healthy.values().toArray(CompletableFuture<?>[]::new);
			CompletableFuture.anyOf(CompletableFuture.allOf(all), failure).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof LocalSystemException told) ? told : ex;
		}
		finally {
			executor.shutdown();
		}
		topology.applications().forEach((component) -> instances.awaitConsul(component.name()));
	}

	private void startAll(String component) {
		List<Instance> planned = instances.state().instancesOf(component);
		if (planned.isEmpty()) {
			instances.step("Using the Consul agent on port " + instances.state().consulPort());
			return;
		}
		if (isLeft(component)) {
			instances.starter()
				.ownProcess(component, instances.state())
				.write(instances.starter().environmentFile(component));
			instances.step(
					"%s is left to you: start its main class in an IDE, or any process with what './dev env %1$s' prints"
						.formatted(component));
			return;
		}
		instances.prepare(component);
		instances.startAll(planned);
		instances.step(component + ((planned.size() == 1) ? " is" : " × " + planned.size() + " are") + " healthy");
		if (planned.get(0).kind() == Kind.CONFIG_SERVER) {
			// Without a configuration, everything else would wait for one in vain.
			refusals.news().forEach(instances::step);
		}
	}

	private static Instance consul(List<Instance> planned) {
		return planned.stream().filter((instance) -> instance.kind() == Kind.CONSUL).findFirst().orElseThrow();
	}

	/** Of what somebody else starts, one is expected. */
	private int replicas(Component component) {
		return isLeft(component.name()) ? 1 : component.replicas();
	}

	private boolean isLeft(String component) {
		return options.without().contains(component);
	}

	/** Instances of another system would be replaced by those of the same name here. */
	private void requireFreeAgent(int agent, List<Instance> planned) {
		if (!ConsulAgent.answers(agent)) {
			throw new LocalSystemException(
					"No Consul agent answers on port %d. Start it, or leave out --consul for an agent of its own."
						.formatted(agent));
		}
		for (Instance instance : planned) {
			Set<String> present = instance.kind().isApplication() ? Health.passing(instance.component(), agent)
					: Set.of();
			if (present.contains(instance.name())) {
				throw new LocalSystemException(
						"The Consul agent on port %d lists %s of another system already. Stop that, or leave out --consul for an agent of its own."
							.formatted(agent, instance.name()));
			}
		}
	}

}
