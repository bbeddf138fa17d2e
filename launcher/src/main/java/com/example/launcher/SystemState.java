package com.example.launcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;

/**
 * What runs, as one launcher tells the next: there is no daemon that would know.
 *
 * @param launcher process that started the system
 * @param detached whether the system stays when that process ends
 * @param consulPort HTTP port of the Consul agent
 * @param configRepo folder that config-server serves
 * @param prebuilt whether the applications come from the main build's output
 * @param instances every instance in the order of starting
 */
record SystemState(ProcessIdentity launcher, boolean detached, int consulPort, String configRepo, boolean prebuilt,
		List<Instance> instances) {

	boolean anythingAlive() {
		return (!detached && launcher.isAlive()) || instances.stream().anyMatch(Instance::isAlive);
	}

	Instance instance(String name) {
		return find(name).orElseThrow(() -> new LocalSystemException("There is no instance %s. Running: %s."
			.formatted(name, String.join(", ", instances.stream().map(Instance::name).toList()))));
	}

	Optional<Instance> find(String name) {
		return instances.stream().filter((instance) -> instance.name().equals(name)).findFirst();
	}

	/** With an instance in place of the one of the same name, or added. */
	SystemState with(Instance changed) {
		List<Instance> all = new ArrayList<>(without(changed.name()).instances);
		int position = (int) instances.stream().takeWhile((other) -> !other.name().equals(changed.name())).count();
		all.add(Math.min(position, all.size()), changed);
		return withInstances(all);
	}

	SystemState without(String name) {
		return withInstances(instances.stream().filter((instance) -> !instance.name().equals(name)).toList());
	}

	/** The instances of a component by their number. */
	List<Instance> instancesOf(String component) {
		return instances.stream()
			.filter((instance) -> instance.component().equals(component))
			.sorted(Comparator.comparing((instance) -> instance.name().length() + instance.name()))
			.toList();
	}

	private SystemState withInstances(List<Instance> all) {
		return new SystemState(launcher, detached, consulPort, configRepo, prebuilt, List.copyOf(all));
	}

}
