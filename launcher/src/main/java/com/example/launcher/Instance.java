package com.example.launcher;

import com.example.launcher.process.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * One process of the system, as it was started.
 *
 * @param name unique name, for example {@code user-service-1}
 * @param component component to which it belongs
 * @param port main port
 * @param grpcPort port of the gRPC server, 0 without one
 * @param managementPort port of the actuator, 0 if it is the main port
 * @param process its process, {@code null} before it was started and after it was stopped
 * or killed on demand
 */
public record Instance(String name, String component, int port, int grpcPort, int managementPort,
		@Nullable ProcessIdentity process) {

	Instance runningAs(@Nullable ProcessIdentity started) {
		return new Instance(name, component, port, grpcPort, managementPort, started);
	}

	Component.Kind kind() {
		return Component.Kind.of(component);
	}

	boolean isAlive() {
		return process != null && process.isAlive();
	}

	/** The port that answers health questions. */
	int healthPort() {
		return (managementPort != 0) ? managementPort : port;
	}

}
