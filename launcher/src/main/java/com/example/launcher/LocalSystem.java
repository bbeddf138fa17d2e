package com.example.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import com.example.launcher.build.ApplicationPorts;
import com.example.launcher.build.Workspace;
import com.example.launcher.configserver.Refusals;
import com.example.launcher.postgres.Database;
import com.example.launcher.process.Await;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.StoppedException;

/**
 * The system running on this machine. {@link #start} brings it up, {@link #attach} gets
 * hold of one that another JVM started; both see the same state. Thread-safe. Methods
 * throw {@link LocalSystemException} when something is wrong that a person can put right.
 */
public final class LocalSystem implements AutoCloseable {

	private static final Duration FOREVER = Duration.ofDays(36_500);

	private static final Duration WATCH = Duration.ofSeconds(1);

	private static final Duration LAUNCHER_STOP_GRACE = Duration.ofSeconds(90);

	private final Consumer<String> progress;

	private final Instances instances;

	private final Refusals refusals = new Refusals(() -> address("config-server"));

	private volatile boolean starting;

	private volatile boolean stopsWithThisJvm;

	private LocalSystem(Path root, Path stateFolder, Consumer<String> progress) {
		this.progress = progress;
		this.instances = new Instances(new Workspace(root), stateFolder, progress);
	}

	/**
	 * Builds what is stale, starts everything and waits until it is healthy. Unless the
	 * system is detached, instances that die or hang are started again, and it stops when
	 * this JVM ends, also by a signal.
	 * @param progress gets a sentence for each step, from several threads
	 * @throws StoppedException if it is stopped meanwhile
	 * @throws LocalSystemException if anything does not start; then nothing runs
	 */
	public static LocalSystem start(LocalSystemOptions options, Consumer<String> progress) {
		LocalSystem system = new LocalSystem(options.root(), options.state(), progress);
		Startup startup = new Startup(options, system.instances, system.refusals);
		startup.plan();
		system.starting = true;
		system.stopsWithThisJvm = true;
		Runtime.getRuntime().addShutdownHook(new Thread(system::stopWithThisJvm, "stop-local-system"));
		try {
			startup.run();
		}
		catch (RuntimeException ex) {
			boolean stopped = system.instances.areStopping();
			system.close();
			throw stopped ? new StoppedException() : ex;
		}
		system.starting = false;
		system.stopsWithThisJvm = !options.detached();
		if (!options.detached()) {
			new Supervisor(system.instances, Supervisor.USUAL).start();
		}
		return system;
	}

	/**
	 * The system that was started with that state folder.
	 * @throws LocalSystemException if none was
	 */
	public static LocalSystem attach(Path root, Path stateFolder, Consumer<String> progress) {
		LocalSystem system = new LocalSystem(root, stateFolder, progress);
		system.state();
		return system;
	}

	/**
	 * Stops the system that was started with that state folder, even if its state cannot
	 * be read any more. Otherwise like {@link #close}.
	 * @throws LocalSystemException if none was started
	 */
	public static void stop(Path root, Path stateFolder, Consumer<String> progress) {
		LocalSystem system = new LocalSystem(root, stateFolder, progress);
		if (!system.instances.stateFile().exists() && Leftover.of(stateFolder).isEmpty()) {
			system.state();
		}
		system.close();
	}

	/** Whether the system runs that was started with that state folder. */
	public static boolean isRunning(Path root, Path stateFolder) {
		return new LocalSystem(root, stateFolder, (line) -> {
		}).instances.stateFile().readable().filter(SystemState::anythingAlive).isPresent();
	}

	/** Instances that run with that state folder, whatever it says of them. */
	public static List<String> leftovers(Path stateFolder) {
		return Leftover.of(stateFolder).stream().map(Leftover::instance).toList();
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
		return instances.starter().database(service, state());
	}

	/** Every instance in the order of starting. */
	public List<Instance> instances() {
		return state().instances();
	}

	/** The log of an instance. */
	public Path log(String instance) {
		return instances.starter().log(state().instance(instance).name());
	}

	/** Why what was saved in the configuration's folder is not in effect. */
	public Refusals refusals() {
		return refusals;
	}

	/** How every instance is. */
	public List<InstanceReport> report() {
		return state().instances().stream().map(InstanceReport::of).toList();
	}

	/** Waits until the system is stopped by somebody else. */
	public void awaitEnd() {
		Await.until(FOREVER, WATCH, () -> !instances.stateFile().exists());
	}

	/** Asks an instance to stop and waits until it is gone. */
	public void stop(String name) {
		instances.end(state().instance(name));
	}

	/** Ends an instance without asking, as a crash does. */
	public void kill(String name) {
		instances.kill(state().instance(name));
	}

	/** Halts an instance without ending it, as a machine that hangs does. */
	public void pause(String name) {
		instances.pause(running(name));
	}

	/** Lets an instance go on that was paused. */
	public void resume(String name) {
		instances.resume(running(name));
	}

	/**
	 * Starts an instance that does not run, on the ports it had and from the image that
	 * the system was started with, and waits until it is healthy.
	 */
	public void start(String name) {
		Instance instance = state().instance(name);
		if (instance.isAlive()) {
			throw new LocalSystemException(name + " runs already.");
		}
		instances.prepare(instance.component());
		instances.startAll(List.of(instance));
		instances.awaitConsul(instance.component());
	}

	/**
	 * Builds what is stale of an application and replaces its instances one after the
	 * other, each on its ports.
	 * @param name an application, or one of its instances
	 * @param debugged whether they let debuggers in
	 */
	public void restart(String name, boolean debugged) {
		new RollingRestart(instances).run(name, debugged);
	}

	/** What a process of an application is told that somebody starts by hand. */
	public OwnProcess ownProcess(String application) {
		SystemState state = state();
		List<String> applications = state.components()
			.stream()
			.filter((component) -> Component.Kind.of(component).isApplication())
			.toList();
		if (!applications.contains(application)) {
			throw new LocalSystemException("There is no application %s. There are: %s.".formatted(application,
					String.join(", ", applications)));
		}
		return instances.starter().ownProcess(application, state);
	}

	/**
	 * Starts or stops instances of a service or of config-server until it has the given
	 * number of them.
	 */
	public void scale(String name, int number) {
		if (!Component.Kind.of(name).isScalable() || number < 1) {
			throw new LocalSystemException("Only services and config-server can be scaled, and to 1 instance or more.");
		}
		List<Instance> present = state().instancesOf(name);
		if (present.isEmpty()) {
			throw new LocalSystemException(
					"No %s runs. There are: %s.".formatted(name, String.join(", ", state().components())));
		}
		Instance first = present.get(0);
		instances.scale(new Component(name,
				new ApplicationPorts(first.port(), first.grpcPort(), first.managementPort()), number, List.of()));
	}

	/**
	 * Stops everything in reverse order and returns when it is gone. A system that
	 * belongs to another JVM is stopped by that JVM.
	 */
	@Override
	public void close() {
		Optional<ProcessIdentity> owner = instances.stateFile()
			.readable()
			.map(SystemState::launcher)
			.filter((launcher) -> !launcher.equals(ProcessIdentity.current()) && launcher.isAlive());
		owner.ifPresent((launcher) -> launcher.stop(ProcessIdentity.Signal.TERM, LAUNCHER_STOP_GRACE));
		instances.endAll();
		stopsWithThisJvm = false;
	}

	private SystemState state() {
		return instances.state();
	}

	private Instance running(String name) {
		Instance instance = state().instance(name);
		if (!instance.isAlive()) {
			throw new LocalSystemException(name + " does not run.");
		}
		return instance;
	}

	private void stopWithThisJvm() {
		if (stopsWithThisJvm) {
			boolean early = starting;
			try {
				instances.endAll();
			}
			catch (LocalSystemException ex) {
				progress.accept(String.valueOf(ex.getMessage()));
			}
			if (early) {
				progress.accept("Stopped before everything was healthy.");
			}
		}
	}

}
