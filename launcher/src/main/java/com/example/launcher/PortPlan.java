package com.example.launcher;

import java.util.Set;
import java.util.TreeSet;

import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Which ports instances get: the usual ones where they are free, so that addresses stay
 * the same from day to day, else any.
 */
final class PortPlan {

	/** Where debuggers look without being told. */
	static final int DEBUGGER = 5005;

	private static final int BETWEEN_INSTANCES = 100;

	private final FreePorts ports;

	private final boolean usual;

	private final Set<Integer> taken = new TreeSet<>();

	/**
	 * @param ports where ports come from
	 * @param usual whether the usual ones are wanted
	 */
	PortPlan(FreePorts ports, boolean usual) {
		this.ports = ports;
		this.usual = usual;
	}

	/**
	 * An instance of a component by its number, which counts from 1. Each has ports that
	 * are 100 above those of the one before.
	 */
	Instance instance(Component component, int number) {
		return instance(component, number, usual(component.ports().http(), number));
	}

	/**
	 * The only instance of a component.
	 * @param port wanted port; 0 for any, {@code null} for the usual one
	 * @param option what chooses another port
	 * @throws LocalSystemException if the wanted port is taken
	 */
	Instance instance(Component component, @Nullable Integer port, String option) {
		if (port == null) {
			return instance(component, 1);
		}
		if (port != 0 && ports.prefer(port) != port) {
			throw new LocalSystemException(
					"Port %d, which %s needs, is taken. Stop what listens there, choose another port with %s, or leave that out for a free one."
						.formatted(port, component.name(), option));
		}
		return instance(component, 1, (port != 0) ? port : ports.next());
	}

	/** The usual ports that others had taken. */
	Set<Integer> taken() {
		return taken;
	}

	private Instance instance(Component component, int number, int port) {
		boolean member = component.kind().compareTo(Component.Kind.CONSUL) <= 0 && component.ports().grpc() != 0;
		int grpc = (member || component.kind() == Component.Kind.SERVICE) ? usual(component.ports().grpc(), number) : 0;
		int management = (member || component.kind() == Component.Kind.GATEWAY)
				? usual(component.ports().management(), number) : 0;
		return Instance.planned(component.instanceName(number), component.name(), port, grpc, management);
	}

	private int usual(int first, int number) {
		if (!usual || first == 0) {
			return ports.next();
		}
		int wanted = first + (number - 1) * BETWEEN_INSTANCES;
		int port = ports.prefer(wanted);
		if (port != wanted) {
			taken.add(wanted);
		}
		return port;
	}

}
