package com.example.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import com.example.launcher.Component.Kind;
import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.build.MavenBuild;
import com.example.launcher.build.Workspace;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.postgres.Database;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.Await;
import com.example.launcher.process.Folders;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.Memory;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.Programs;

/**
 * The system running on this machine. {@link #start} brings it up, {@link #attach} gets
 * hold of one that another JVM started; both see the same state. Thread-safe. Methods
 * throw {@link LocalSystemException} when something is wrong that a person can put right.
 */
public final class LocalSystem implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(100);

	private static final Duration FOREVER = Duration.ofDays(36_500);

	private static final Duration WATCH = Duration.ofSeconds(1);

	private static final Duration APPLICATION_STOP_GRACE = Duration.ofSeconds(30);

	private static final Duration LAUNCHER_STOP_GRACE = Duration.ofSeconds(90);

	private static final Duration CONSUL_TIMEOUT = Duration.ofSeconds(30);

	private final Workspace workspace;

	private final Path stateFolder;

	private final StateFile stateFile;

	private final Topology topology;

	private final PortPlan portPlan;

	private final InstanceStarter starter;

	private final Consumer<String> progress;

	private final Object startLock = new Object();

	private final Object stopLock = new Object();

	private boolean stopping;

	private volatile boolean stopsWithThisJvm;

	private LocalSystem(Path root, Path stateFolder, Map<String, Integer> replicas, boolean stablePorts,
			Consumer<String> progress) {
		FreePorts ports = new FreePorts(new Random());
		this.workspace = new Workspace(root);
		this.stateFolder = stateFolder;
		this.stateFile = new StateFile(stateFolder);
		this.topology = Topology.of(workspace, replicas);
		this.portPlan = new PortPlan(topology, ports, stablePorts);
		this.starter = new InstanceStarter(workspace, stateFolder, ports, progress);
		this.progress = progress;
	}

	/**
	 * Builds what is stale, starts everything and waits until it is healthy. Unless the
	 * system is detached, it stops when this JVM ends, also by a signal.
	 * @param progress gets a sentence for each step, from several threads
	 * @throws LocalSystemException if anything does not start; then nothing runs
	 */
	public static LocalSystem start(LocalSystemOptions options, Consumer<String> progress) {
		LocalSystem system = new LocalSystem(options.root(), options.state(), options.replicas(), options.stablePorts(),
				progress);
		system.stateFile.requireNothingRuns();
		system.stateFile.create(system.plan(options));
		system.stopsWithThisJvm = true;
		Runtime.getRuntime().addShutdownHook(new Thread(system::stopWithThisJvm, "stop-local-system"));
		try {
			system.up(options);
		}
		catch (RuntimeException ex) {
			system.close();
			throw ex;
		}
		system.stopsWithThisJvm = !options.detached();
		return system;
	}

	/**
	 * The system that was started with that state folder.
	 * @throws LocalSystemException if none was
	 */
	public static LocalSystem attach(Path root, Path stateFolder, Consumer<String> progress) {
		LocalSystem system = new LocalSystem(root, stateFolder, Map.of(), true, progress);
		system.state();
		return system;
	}

	/** Address at which the gateway serves. */
	public URI gateway() {
		return address("gateway");
	}

	/** Address of the Consul agent. */
	public URI consul() {
		return URI.create("http://127.0.0.1:" + state().consulPort());
	}

	/** Address of the main port of an instance. */
	public URI address(String instance) {
		return URI.create("http://127.0.0.1:" + state().instance(instance).port());
	}

	/** The database of a service. */
	public Database database(String service) {
		return starter.database(topology.component(service), state());
	}

	/** Every instance in the order of starting. */
	public List<Instance> instances() {
		return state().instances();
	}

	/** The log of an instance. */
	public Path log(String instance) {
		return starter.log(state().instance(instance).name());
	}

	/** How every instance is. */
	public List<InstanceReport> report() {
		return state().instances().stream().map(this::report).toList();
	}

	/**
	 * Waits until the system is stopped by somebody else.
	 * @param died gets the name of each instance that ends though nobody asked
	 */
	public void awaitEnd(Consumer<String> died) {
		Map<String, Integer> timesSeenDead = new HashMap<>();
		Await.until(FOREVER, WATCH, () -> {
			Optional<SystemState> state = stateFile.read();
			List<String> dead = state.map(SystemState::instances)
				.orElse(List.of())
				.stream()
				.filter((instance) -> instance.process() != null && !instance.isAlive())
				.map(Instance::name)
				.toList();
			timesSeenDead.keySet().retainAll(dead);
			// At the second look, because who stops an instance notes it only afterwards.
			dead.stream().filter((name) -> timesSeenDead.merge(name, 1, Integer::sum) == 2).forEach(died);
			return state.isEmpty();
		});
	}

	/** Asks an instance to stop and waits until it is gone. */
	public void stop(String name) {
		end(state().instance(name));
	}

	/** Ends an instance without asking, as a crash does. */
	public void kill(String name) {
		Instance instance = state().instance(name);
		if (instance.process() != null) {
			instance.process().stop(ProcessIdentity.Signal.KILL, APPLICATION_STOP_GRACE);
		}
		stateFile.update((state) -> state.with(instance.runningAs(null)));
	}

	/** Halts an instance without ending it, as a machine that hangs does. */
	public void pause(String name) {
		send(name, ProcessIdentity.Signal.STOP);
	}

	/** Lets an instance go on that was paused. */
	public void resume(String name) {
		send(name, ProcessIdentity.Signal.CONT);
	}

	/**
	 * Starts an instance that does not run, on the ports it had, and waits until it is
	 * healthy.
	 */
	public void start(String name) {
		Instance instance = state().instance(name);
		if (instance.isAlive()) {
			throw new LocalSystemException(name + " runs already.");
		}
		Component component = topology.component(instance.component());
		starter.prepare(component, state());
		startProcess(component, instance).ready().run();
		awaitConsul(component);
	}

	/**
	 * Starts or stops instances of a service or of config-server until it has the given
	 * number of them.
	 */
	public void scale(String name, int number) {
		Component component = topology.component(name);
		if (!component.kind().isScalable() || number < 1) {
			throw new LocalSystemException("Only services and config-server can be scaled, and to 1 instance or more.");
		}
		List<String> wanted = component.replicas(number).instanceNames();
		List<Instance> present = state().instancesOf(name);
		List<RunningInstance> started = new ArrayList<>();
		for (int i = 1; i <= number; i++) {
			Optional<Instance> known = state().find(component.instanceName(i));
			if (known.filter(Instance::isAlive).isEmpty()) {
				started.add(startProcess(component, known.orElse(portPlan.replica(component, i))));
			}
		}
		started.forEach((instance) -> instance.ready().run());
		awaitConsul(component);
		for (Instance instance : present) {
			if (!wanted.contains(instance.name())) {
				end(instance);
				stateFile.update((state) -> state.without(instance.name()));
			}
		}
	}

	/**
	 * Stops everything in reverse order and returns when it is gone. A system that
	 * belongs to another JVM is stopped by that JVM.
	 */
	@Override
	public void close() {
		Optional<ProcessIdentity> owner = stateFile.read()
			.map(SystemState::launcher)
			.filter((launcher) -> !launcher.equals(ProcessIdentity.current()) && launcher.isAlive());
		owner.ifPresent((launcher) -> launcher.stop(ProcessIdentity.Signal.TERM, LAUNCHER_STOP_GRACE));
		stopEverything();
	}

	private SystemState state() {
		return stateFile.read()
			.orElseThrow(() -> new LocalSystemException("The system is not running. Start it with './dev up'."));
	}

	private SystemState plan(LocalSystemOptions options) {
		List<Instance> instances = new ArrayList<>();
		boolean consulIsThere = options.consulPort() != 0 && ConsulAgent.answers(options.consulPort());
		if (!consulIsThere) {
			instances.add(portPlan.consul(options.consulPort()));
		}
		int consulPort = consulIsThere ? options.consulPort() : instances.get(0).port();
		instances.add(portPlan.postgres());
		for (Component component : topology.scalable()) {
			for (int number = 1; number <= component.replicas(); number++) {
				instances.add(portPlan.replica(component, number));
			}
		}
		instances.add(portPlan.gateway(options.gatewayPort()));
		return new SystemState(ProcessIdentity.current(), options.detached(), consulPort,
				options.configRepo().toString(), options.prebuilt(), instances);
	}

	private void up(LocalSystemOptions options) {
		clean(options.fresh());
		if (!options.prebuilt()) {
			new MavenBuild(workspace, workspace.root().resolve(".dev"))
				.buildIfStale(topology.applications().stream().map(Component::name).toList(), progress);
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
					.thenRunAsync(() -> startAll(component), executor);
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
		topology.applications().forEach(this::awaitConsul);
	}

	private void clean(boolean fresh) {
		try {
			Folders.delete(stateFolder.resolve("logs"));
			if (fresh) {
				for (Path data : starter.dataFolders()) {
					Folders.delete(data);
				}
			}
		}
		catch (IOException ex) {
			throw new LocalSystemException(
					"%s cannot be cleaned (%s). Check who owns its files.".formatted(stateFolder, ex), ex);
		}
	}

	private void startAll(Component component) {
		SystemState state = state();
		List<Instance> instances = state.instancesOf(component.name());
		if (instances.isEmpty()) {
			progress.accept("Using the Consul agent that answers on port " + state.consulPort());
			return;
		}
		starter.prepare(component, state);
		List<RunningInstance> started = instances.stream()
			.map((instance) -> startProcess(component, instance))
			.toList();
		started.forEach((instance) -> instance.ready().run());
		progress.accept(
				component.name() + ((instances.size() == 1) ? " is" : " × " + instances.size() + " are") + " healthy");
	}

	/** Under a lock, so that nothing starts any more once stopping has begun. */
	private RunningInstance startProcess(Component component, Instance instance) {
		synchronized (startLock) {
			if (stopping) {
				throw new LocalSystemException("Stopped while starting.");
			}
			RunningInstance started = starter.start(component, instance, state());
			try {
				stateFile.update((state) -> state.with(instance.runningAs(started.process())));
			}
			catch (LocalSystemException ex) {
				started.process().stop(ProcessIdentity.Signal.KILL, APPLICATION_STOP_GRACE);
				throw ex;
			}
			return started;
		}
	}

	/** A ready instance serves only when callers find it. */
	private void awaitConsul(Component component) {
		SystemState state = state();
		List<Instance> running = state.instancesOf(component.name())
			.stream()
			.filter((instance) -> instance.process() != null)
			.toList();
		if (component.kind().isApplication() && !Await.until(CONSUL_TIMEOUT, POLL,
				() -> Health.arePassing(component.name(), running, state.consulPort()))) {
			throw new LocalSystemException(
					"%s is ready, but Consul on port %d does not list all its instances as passing after %d s. See its log: %s"
						.formatted(component.name(), state.consulPort(), CONSUL_TIMEOUT.toSeconds(),
								starter.log(running.get(0).name())));
		}
	}

	private InstanceReport report(Instance instance) {
		ProcessIdentity process = instance.process();
		if (process == null) {
			return new InstanceReport(instance, Condition.STOPPED, Memory.unknown());
		}
		if (!process.isAlive()) {
			return new InstanceReport(instance, Condition.DIED, Memory.unknown());
		}
		boolean ready = Health.isReady(topology.component(instance.component()).kind(), instance);
		return new InstanceReport(instance, ready ? Condition.HEALTHY : Condition.NOT_READY, Memory.ofTree(process));
	}

	private void send(String name, ProcessIdentity.Signal signal) {
		ProcessIdentity process = state().instance(name).process();
		if (process == null || !process.isAlive()) {
			throw new LocalSystemException(name + " does not run.");
		}
		process.send(signal);
	}

	private void end(Instance instance) {
		if (instance.process() != null) {
			switch (topology.component(instance.component()).kind()) {
				case CONSUL -> instance.process().stop(ConsulAgent.STOP_SIGNAL, ConsulAgent.STOP_GRACE);
				case POSTGRES -> instance.process().stop(PostgresServer.STOP_SIGNAL, PostgresServer.STOP_GRACE);
				case CONFIG_SERVER, SERVICE, GATEWAY ->
					instance.process().stop(ProcessIdentity.Signal.TERM, APPLICATION_STOP_GRACE);
			}
			stateFile.update((state) -> state.with(instance.runningAs(null)));
		}
	}

	private void stopEverything() {
		synchronized (startLock) {
			stopping = true;
		}
		Programs.stopAll();
		synchronized (stopLock) {
			stateFile.read().ifPresent((state) -> {
				Kind[] kinds = Kind.values();
				for (int i = kinds.length - 1; i >= 0; i--) {
					Kind kind = kinds[i];
					List<Instance> running = state.instances()
						.stream()
						.filter((instance) -> topology.component(instance.component()).kind() == kind)
						.filter(Instance::isAlive)
						.toList();
					if (!running.isEmpty()) {
						progress.accept("Stopping " + String.join(", ", running.stream().map(Instance::name).toList()));
						running.parallelStream().forEach(this::end);
					}
				}
				stateFile.delete();
			});
		}
		stopsWithThisJvm = false;
	}

	private void stopWithThisJvm() {
		if (stopsWithThisJvm) {
			stopEverything();
		}
	}

}
