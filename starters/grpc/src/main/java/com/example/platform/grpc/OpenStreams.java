package com.example.platform.grpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.grpc.Status;
import io.grpc.StatusException;

import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Calls that would go on for as long as the caller likes. When the server shuts down,
 * each is told to end with {@code UNAVAILABLE}, so that its caller goes on elsewhere at
 * once and the shutdown need not wait. Thread-safe.
 */
public final class OpenStreams {

	private final Set<Consumer<StatusException>> ends = ConcurrentHashMap.newKeySet();

	private volatile boolean shutDown;

	/**
	 * Adds a call.
	 * @param end ends the call with an error; called once at most, by any thread
	 * @return removes the call, to be run when it has ended by itself
	 */
	public Runnable add(Consumer<StatusException> end) {
		ends.add(end);
		if (shutDown) {
			end(end);
		}
		return () -> ends.remove(end);
	}

	// An application can be stopped and started again, as those of tests are.
	@EventListener(GrpcServerStartedEvent.class)
	void onStart() {
		shutDown = false;
	}

	@EventListener
	void onShutdown(GrpcServerShutdownEvent event) {
		shutDown = true;
		ends.forEach(this::end);
	}

	private void end(Consumer<StatusException> end) {
		if (ends.remove(end)) {
			end.accept(Status.UNAVAILABLE.withDescription("This instance shuts down; call again").asException());
		}
	}

}
