package com.example.launcher;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

import com.example.launcher.Instance.Demand;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Replaces instances of an application by those of what its sources are now, one after
 * the other: of several, there are always some that answer.
 */
final class RollingRestart {

	private final Instances instances;

	RollingRestart(Instances instances) {
		this.instances = instances;
	}

	/**
	 * Replaces an instance, or all of a component that were not ended by hand.
	 * @param debugged whether they let debuggers in
	 * @throws LocalSystemException if the build fails, after which nothing has changed,
	 * or if an instance does not become ready; then the rest is left as it was
	 */
	void run(String name, boolean debugged) {
		SystemState state = instances.state();
		List<Instance> chosen = chosen(name, state);
		String component = chosen.get(0).component();
		Path image = instances.starter().build(component, state);
		for (Instance instance : chosen) {
			instances.end(instance);
			Integer debugger = debugged ? (Integer) instances.starter().debugger() : null;
			instances.stateFile().update((now) -> now.changing(instance.name(), (ended) -> ended.debuggedAt(debugger)));
			try {
				instances.startAll(List.of(instance), (now) -> now.withImage(component, image));
				instances.awaitConsul(component);
			}
			catch (LocalSystemException ex) {
				throw new LocalSystemException(
						"%s%nThe other instances were left as they are. './dev restart %s' tries again, './dev start %s' starts what was healthy last."
							.formatted(ex.getMessage(), component, instance.name()),
						ex);
			}
			instances.step(instance.name() + " is healthy" + debuggerText(debugger));
		}
	}

	/** Those that do not run come first, so that the others answer meanwhile. */
	private static List<Instance> chosen(String name, SystemState state) {
		List<Instance> chosen = state.components().contains(name) ? state.instancesOf(name)
			.stream()
			.filter((instance) -> instance.isAlive() || instance.demand() != Demand.END || isGivenUp(instance))
			.sorted(Comparator.comparing(Instance::isAlive))
			.toList() : List.of(state.instance(name));
		if (chosen.isEmpty() || !chosen.get(0).kind().isApplication()) {
			throw new LocalSystemException(chosen.isEmpty()
					? "All instances of %s are stopped. './dev start' starts one.".formatted(name)
					: name + " is not built from this repository. './dev stop' and './dev start' end and start it.");
		}
		return chosen;
	}

	private static boolean isGivenUp(Instance instance) {
		return instance.restarts() != null && instance.restarts().gaveUp();
	}

	private static String debuggerText(@Nullable Integer debugger) {
		return (debugger != null) ? "; its debugger listens on 127.0.0.1:" + debugger : "";
	}

}
