package com.example.launcher;

import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;

/**
 * Which ports instances get: the usual ones where they are free, so that addresses stay
 * the same from day to day, else any.
 */
final class PortPlan {

	private static final int POSTGRES = 15432;

	private static final int CONFIG_SERVER = 8888;

	private static final int GATEWAY_MANAGEMENT = 8090;

	private static final int SERVICES_HTTP = 8100;

	private static final int SERVICES_GRPC = 9100;

	/** Ports from one service to the next; more instances than that get any port. */
	private static final int PER_SERVICE = 100;

	private final Topology topology;

	private final FreePorts ports;

	private final boolean stable;

	PortPlan(Topology topology, FreePorts ports, boolean stable) {
		this.topology = topology;
		this.ports = ports;
		this.stable = stable;
	}

	/**
	 * The Consul agent to start.
	 * @param port wanted port, 0 for any
	 */
	Instance consul(int port) {
		return new Instance("consul", "consul",
				exactly(port, "Consul", "Stop what listens there, or choose another port with --consul-port."), 0, 0,
				null);
	}

	/**
	 * The gateway.
	 * @param port wanted port, 0 for any
	 */
	Instance gateway(int port) {
		return new Instance("gateway", "gateway",
				exactly(port, "the gateway", "Stop what listens there, or choose another port with --port."), 0,
				usual(GATEWAY_MANAGEMENT), null);
	}

	Instance postgres() {
		return new Instance("postgres", "postgres", usual(POSTGRES), 0, 0, null);
	}

	/**
	 * An instance of a service or of config-server by its number, which counts from 1.
	 */
	Instance replica(Component component, int number) {
		String name = component.instanceName(number);
		if (component.kind() == Component.Kind.CONFIG_SERVER) {
			return new Instance(name, component.name(), usual(CONFIG_SERVER + number - 1), 0, 0, null);
		}
		int offset = topology.services().indexOf(component) * PER_SERVICE + number;
		return new Instance(name, component.name(), usual(SERVICES_HTTP + offset), usual(SERVICES_GRPC + offset), 0,
				null);
	}

	private int usual(int port) {
		return stable ? ports.prefer(port) : ports.next();
	}

	private int exactly(int port, String who, String remedy) {
		if (port == 0) {
			return ports.next();
		}
		if (ports.prefer(port) != port) {
			throw new LocalSystemException("Port %d, which %s needs, is taken. %s".formatted(port, who, remedy));
		}
		return port;
	}

}
