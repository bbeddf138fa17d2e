package com.example.launcher;

import java.util.List;
import java.util.stream.IntStream;

import com.example.launcher.build.ApplicationPorts;

/**
 * A part of the system that runs as one process or as several equal ones.
 *
 * @param name name everywhere: folder, Consul, instance names
 * @param ports ports of its first instance, where they are free
 * @param replicas how many instances are started
 * @param waitsFor components that must be healthy before it starts
 */
record Component(String name, ApplicationPorts ports, int replicas, List<Component> waitsFor) {

	Component waitsFor(List<Component> components) {
		return new Component(name, ports, replicas, components);
	}

	Component replicas(int number) {
		return new Component(name, ports, number, waitsFor);
	}

	Kind kind() {
		return Kind.of(name);
	}

	/** The names of its instances. */
	List<String> instanceNames() {
		return IntStream.rangeClosed(1, replicas).mapToObj(this::instanceName).toList();
	}

	/**
	 * Instances of services are numbered from 1, and so are Consul's servers. Of the rest
	 * there is one, which needs no number, unless further ones are started.
	 */
	String instanceName(int number) {
		boolean numbered = number > 1 || kind() == Kind.SERVICE || kind() == Kind.CONSUL_SERVER;
		return numbered ? name + "-" + number : name;
	}

	/**
	 * What a component is, in the order of starting; stopping goes the other way round.
	 */
	enum Kind {

		CONSUL_SERVER, CONSUL, POSTGRES, CONFIG_SERVER, SERVICE, GATEWAY;

		/** The kind of a component by its name: all but five are services. */
		static Kind of(String component) {
			return switch (component) {
				case "consul-server" -> CONSUL_SERVER;
				case "consul" -> CONSUL;
				case "postgres" -> POSTGRES;
				case "config-server" -> CONFIG_SERVER;
				case "gateway" -> GATEWAY;
				default -> SERVICE;
			};
		}

		/** Whether it is built from this repository. */
		boolean isApplication() {
			return compareTo(CONFIG_SERVER) >= 0;
		}

		/** Whether there may be several instances. */
		boolean isScalable() {
			return this == CONFIG_SERVER || this == SERVICE;
		}

	}

}
