package com.example.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;

/**
 * What runs, as one launcher tells the next: there is no daemon that would know.
 *
 * @param launcher process that started the system
 * @param consulPort HTTP port of the Consul agent
 * @param configRepo folder that config-server serves
 * @param prebuilt whether the applications come from the main build's output
 * @param small whether its processes take little memory
 * @param images folder of the image from which each application runs
 * @param instances every instance in the order of starting
 */
record SystemState(ProcessIdentity launcher, int consulPort, String configRepo, boolean prebuilt, boolean small,
		Map<String, String> images, List<Instance> instances) {

	@SuppressWarnings("NullAway") // a file of an older launcher may lack it
	SystemState {
		images = (images != null) ? Map.copyOf(images) : Map.of();
		instances = List.copyOf(instances);
	}

	boolean anythingAlive() {
		return launcher.isAlive() || instances.stream().anyMatch(Instance::isAlive);
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

	/** With a change of an instance, if there is one of that name. */
	SystemState changing(String name, UnaryOperator<Instance> change) {
		return find(name).map((instance) -> with(change.apply(instance))).orElse(this);
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

	SystemState withImage(String component, Path folder) {
		Map<String, String> all = new TreeMap<>(images);
		all.put(component, folder.toString());
		return new SystemState(launcher, consulPort, configRepo, prebuilt, small, all, instances);
	}

	/** The names of all components. */
	List<String> components() {
		return instances.stream().map(Instance::component).distinct().toList();
	}

	/** The ports of all instances. */
	IntStream ports() {
		return instances.stream()
			.flatMapToInt((instance) -> IntStream.of(instance.port(), instance.grpcPort(), instance.managementPort(),
					Objects.requireNonNullElse(instance.debugPort(), 0)));
	}

	private SystemState withInstances(List<Instance> all) {
		return new SystemState(launcher, consulPort, configRepo, prebuilt, small, images, all);
	}

}
