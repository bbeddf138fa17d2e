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
 * @param demand what was demanded of it last
 * @param restarts how often it was started again though nobody demanded that,
 * {@code null} if it was not
 * @param debugPort port at which it lets a debugger in, {@code null} if it does not
 */
public record Instance(String name, String component, int port, int grpcPort, int managementPort,
		@Nullable ProcessIdentity process, Demand demand, @Nullable Restarts restarts, @Nullable Integer debugPort) {

	@SuppressWarnings("NullAway") // a file of an older launcher may lack it
	public Instance {
		demand = (demand != null) ? demand : Demand.START;
	}

	static Instance planned(String name, String component, int port, int grpcPort, int managementPort) {
		return new Instance(name, component, port, grpcPort, managementPort, null, Demand.START, null, null);
	}

	/** After a start that was demanded, from which it counts anew. */
	Instance runningAs(ProcessIdentity started) {
		return with(started, Demand.START, null);
	}

	/** After a start that nobody demanded. */
	Instance startedAgain(ProcessIdentity started, String reason) {
		return with(started, Demand.RUN, new Restarts(restartCount() + 1, reason, false));
	}

	Instance givenUp(String reason) {
		return with(process, Demand.END, new Restarts(restartCount(), reason, true));
	}

	Instance demanding(Demand other) {
		return with(process, other, restarts);
	}

	/** The same if that is demanded, else unchanged. */
	Instance changing(Demand from, Demand to) {
		return (demand == from) ? demanding(to) : this;
	}

	Instance ended() {
		return with(null, demand, restarts);
	}

	Instance debuggedAt(@Nullable Integer debugger) {
		return new Instance(name, component, port, grpcPort, managementPort, process, demand, restarts, debugger);
	}

	Component.Kind kind() {
		return Component.Kind.of(component);
	}

	/** Whether it is one of the services, and not of what they need. */
	public boolean isService() {
		return kind() == Component.Kind.SERVICE;
	}

	boolean isAlive() {
		return process != null && process.isAlive();
	}

	/** The port that answers health questions. */
	public int healthPort() {
		return (managementPort != 0) ? managementPort : port;
	}

	private int restartCount() {
		return (restarts != null) ? restarts.count() : 0;
	}

	private Instance with(@Nullable ProcessIdentity other, Demand demanded, @Nullable Restarts happened) {
		return new Instance(name, component, port, grpcPort, managementPort, other, demanded, happened, debugPort);
	}

	/**
	 * What commands want of an instance. It is noted before anything is done, so that
	 * whoever sees an instance die or hang knows whether somebody wanted that.
	 */
	enum Demand {

		/** To become ready; who started it waits for that. */
		START,

		/** To go on running: if it dies or hangs, it is started again. */
		RUN,

		/** To be halted. */
		PAUSE,

		/** To end, or to stay as it has ended. */
		END

	}

}
