package com.example.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import com.example.launcher.Component.Kind;
import com.example.launcher.Instance.Demand;
import com.example.launcher.build.Workspace;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.Await;
import com.example.launcher.process.Folders;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.Programs;
import com.example.launcher.process.StoppedException;
import com.example.launcher.process.WriteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one system. Plans, starts and ends them and notes it in the state,
 * which alone says what there is: the sources may have changed since the start.
 * Thread-safe.
 */
final class Instances {

	private static final Duration POLL = Duration.ofMillis(100);

	private static final Duration STOP_GRACE = Duration.ofSeconds(30);

	private static final Duration CONSUL_TIMEOUT = Duration.ofSeconds(30);

	private final Path stateFolder;

	private final StateFile stateFile;

	private final Neighbours neighbours;

	private final FreePorts ports;

	private final InstanceStarter starter;

	private final Consumer<String> progress;

	private final Object startLock = new Object();

	private final Object stopLock = new Object();

	private volatile boolean stopping;

	/**
	 * The instances of the system with that state folder.
	 * @param progress gets a sentence for each step, unless the work is being given up
	 */
	Instances(Workspace workspace, Path stateFolder, Consumer<String> progress) {
		this.stateFolder = stateFolder;
		this.stateFile = new StateFile(stateFolder);
		this.neighbours = new Neighbours(stateFolder, OperatingSystem.current().cacheFolder());
		this.ports = new FreePorts(new Random(), (port) -> FreePorts.isFree(port) && !neighbours.have(port));
		this.progress = progress;
		this.starter = new InstanceStarter(workspace, stateFolder, ports, this::step);
	}

	/** Tells a step of the work, unless the work is being given up. */
	void step(String text) {
		if (!stopping) {
			progress.accept(text);
		}
	}

	StateFile stateFile() {
		return stateFile;
	}

	InstanceStarter starter() {
		return starter;
	}

	SystemState state() {
		return stateFile.read()
			.orElseThrow(() -> new LocalSystemException("The system is not running. Start it with './dev up'."));
	}

	/** Whether everything is being stopped, so that no failure means anything. */
	boolean areStopping() {
		return stopping;
	}

	/**
	 * Notes the first state of a system, with ports that no other system has.
	 * @throws LocalSystemException if another system runs with this state folder
	 */
	void create(boolean usualPorts, Function<PortPlan, SystemState> plan) {
		neighbours.choose(() -> stateFile.create(plan.apply(new PortPlan(ports, usualPorts))));
	}

	/** Starts what is missing of a component, and ends what is too much of it. */
	void scale(Component component) {
		List<Instance> present = state().instancesOf(component.name());
		PortPlan plan = new PortPlan(ports, true);
		prepare(component.name());
		neighbours.choose(() -> stateFile.update((state) -> {
			SystemState planned = state;
			for (int i = 1; i <= component.replicas(); i++) {
				if (planned.find(component.instanceName(i)).isEmpty()) {
					planned = planned.with(plan.instance(component, i));
				}
			}
			return planned;
		}));
		List<String> wanted = component.instanceNames();
		startAll(state().instancesOf(component.name())
			.stream()
			.filter((instance) -> wanted.contains(instance.name()) && !instance.isAlive())
			.toList());
		awaitConsul(component.name());
		for (Instance instance : present) {
			if (!wanted.contains(instance.name())) {
				end(instance);
				stateFile.update((state) -> state.without(instance.name()));
			}
		}
	}

	/**
	 * Starts instances side by side and waits until all are ready, except for those that
	 * somebody else has started meanwhile.
	 */
	void startAll(List<Instance> planned) {
		startAll(planned, UnaryOperator.identity());
	}

	/** The same from another state, which counts as soon as they are ready. */
	void startAll(List<Instance> planned, UnaryOperator<SystemState> change) {
		Map<String, InstanceStarter.Started> started = new LinkedHashMap<>();
		planned.stream()
			.map(Instance::name)
			.forEach((name) -> start(name, Predicate.not(Instance::isAlive), change, Instance::runningAs)
				.ifPresent((instance) -> started.put(name, instance)));
		started.forEach((name, instance) -> {
			instance.ready().run();
			stateFile.update(
					(state) -> change.apply(state).changing(name, (ready) -> ready.changing(Demand.START, Demand.RUN)));
		});
	}

	/**
	 * Starts an instance again that died or hangs, unless anything was demanded of it
	 * since it was seen.
	 */
	Optional<InstanceStarter.Started> startAgain(Instance seen, String reason) {
		return start(seen.name(), seen::equals, UnaryOperator.identity(),
				(instance, process) -> instance.startedAgain(process, reason));
	}

	/**
	 * Notes that an instance is not started again, and ends it if it hangs, unless
	 * anything was demanded of it since it was seen.
	 * @return whether it is given up
	 */
	boolean giveUp(Instance seen, String reason) {
		Instance givenUp = seen.givenUp(reason);
		boolean noted = stateFile
			.update((state) -> state.changing(seen.name(), (now) -> now.equals(seen) ? givenUp : now))
			.find(seen.name())
			.filter(givenUp::equals)
			.isPresent();
		if (noted) {
			killProcess(seen);
		}
		return noted;
	}

	/** Does the slow part of starting, for all instances of a component. */
	void prepare(String component) {
		starter.prepare(component, state())
			.ifPresent((image) -> stateFile.update((state) -> state.withImage(component, image)));
	}

	/**
	 * Starts an instance under two locks: nothing starts any more once stopping has
	 * begun, and no other launcher starts or ends the same instance meanwhile.
	 * @param condition whether to start it as it is now
	 * @param change of the state from which it is started
	 */
	private Optional<InstanceStarter.Started> start(String name, Predicate<Instance> condition,
			UnaryOperator<SystemState> change, BiFunction<Instance, ProcessIdentity, Instance> running) {
		synchronized (startLock) {
			if (stopping) {
				throw new StoppedException();
			}
			AtomicReference<InstanceStarter.@Nullable Started> started = new AtomicReference<>();
			try {
				stateFile.update((state) -> state.find(name).filter(condition).map((instance) -> {
					killProcess(instance);
					InstanceStarter.Started now = starter.start(instance, change.apply(state));
					started.set(now);
					return state.with(running.apply(instance, now.process()));
				}).orElse(state));
			}
			catch (LocalSystemException ex) {
				InstanceStarter.Started unknown = started.get();
				if (unknown != null) {
					unknown.process().stop(ProcessIdentity.Signal.KILL, STOP_GRACE);
				}
				throw ex;
			}
			return Optional.ofNullable(started.get());
		}
	}

	private static void killProcess(Instance instance) {
		if (instance.process() != null) {
			instance.process().stop(ProcessIdentity.Signal.KILL, STOP_GRACE);
		}
	}

	/** A ready instance serves only when callers find it. */
	void awaitConsul(String component) {
		SystemState state = state();
		List<String> running = state.instancesOf(component)
			.stream()
			.filter((instance) -> instance.process() != null)
			.map(Instance::name)
			.toList();
		if (Kind.of(component).isApplication() && !Await.until(CONSUL_TIMEOUT, POLL,
				() -> Health.passing(component, state.consulPort()).containsAll(running))) {
			throw new LocalSystemException(
					"%s is ready, but Consul on port %d does not list all its instances as passing after %d s. See its log: %s"
						.formatted(component, state.consulPort(), CONSUL_TIMEOUT.toSeconds(),
								starter.log(running.get(0))));
		}
	}

	/** Asks an instance to stop and waits until it is gone. */
	void end(Instance instance) {
		switch (instance.kind()) {
			case CONSUL_SERVER, CONSUL -> end(instance, ConsulAgent.STOP_SIGNAL, ConsulAgent.STOP_GRACE);
			case POSTGRES -> end(instance, PostgresServer.STOP_SIGNAL, PostgresServer.STOP_GRACE);
			case CONFIG_SERVER, SERVICE, GATEWAY -> end(instance, ProcessIdentity.Signal.TERM, STOP_GRACE);
		}
	}

	/** Ends an instance without asking. */
	void kill(Instance instance) {
		end(instance, ProcessIdentity.Signal.KILL, STOP_GRACE);
	}

	private void end(Instance instance, ProcessIdentity.Signal signal, Duration grace) {
		ProcessIdentity process = demand(instance, Demand.END).process();
		if (process != null) {
			process.stop(signal, grace);
			// Somebody may have started it again at once.
			stateFile.update((state) -> state.changing(instance.name(),
					(now) -> process.equals(now.process()) ? now.ended() : now));
		}
	}

	/** Halts an instance without ending it. */
	void pause(Instance instance) {
		ProcessIdentity process = demand(instance, Demand.PAUSE).process();
		if (process != null) {
			process.send(ProcessIdentity.Signal.STOP);
		}
	}

	/** Lets an instance go on that was paused. */
	void resume(Instance instance) {
		if (instance.process() != null) {
			instance.process().send(ProcessIdentity.Signal.CONT);
		}
		stateFile.update((state) -> state.changing(instance.name(), (now) -> now.changing(Demand.PAUSE, Demand.RUN)));
	}

	/** Notes what is demanded of an instance, and tells how it is then. */
	private Instance demand(Instance instance, Demand demand) {
		return stateFile.update((state) -> state.changing(instance.name(), (now) -> now.demanding(demand)))
			.find(instance.name())
			.orElse(instance);
	}

	/**
	 * Ends everything in reverse order of starting, also what a state says that cannot be
	 * read any more.
	 */
	void endAll() {
		synchronized (startLock) {
			stopping = true;
		}
		Programs.stopAll();
		synchronized (stopLock) {
			List<Instance> known = stateFile.readable().map(SystemState::instances).orElse(List.of());
			Kind[] kinds = Kind.values();
			for (int i = kinds.length - 1; i >= 0; i--) {
				Kind kind = kinds[i];
				List<Instance> running = known.stream()
					.filter((instance) -> instance.kind() == kind && instance.isAlive())
					.toList();
				if (!running.isEmpty()) {
					tell(running.stream().map(Instance::name).toList());
					running.parallelStream().forEach(this::end);
				}
			}
			List<Leftover> leftovers = Leftover.of(stateFolder);
			if (!leftovers.isEmpty()) {
				tell(leftovers.stream().map(Leftover::instance).toList());
				leftovers.parallelStream()
					.forEach((leftover) -> leftover.process().stop(ProcessIdentity.Signal.TERM, STOP_GRACE));
			}
			deleteTemporaryFiles();
			stateFile.delete();
		}
	}

	/** What processes have left, and what those were told that others start. */
	void deleteTemporaryFiles() {
		delete(List.of(stateFolder.resolve("tmp"), stateFolder.resolve("env")));
	}

	/** Deletes folders of the state folder. */
	void delete(List<Path> folders) {
		try {
			for (Path folder : folders) {
				Folders.delete(folder);
			}
		}
		catch (IOException ex) {
			throw WriteFailure.of(stateFolder, ex, WriteFailure.STATE);
		}
	}

	private void tell(List<String> names) {
		progress.accept("Stopping " + String.join(", ", names));
	}

}
