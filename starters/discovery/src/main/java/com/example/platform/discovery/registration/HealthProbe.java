package com.example.platform.discovery.registration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Asks for the health of this instance again and again, on a thread of its own: an answer
 * may take longer than Consul waits for a heartbeat.
 */
final class HealthProbe implements AutoCloseable {

	private static final Log log = LogFactory.getLog(InstanceRegistration.class);

	private final ScheduledExecutorService thread = Registrar.newThread("consul-health");

	private final DownComponents components;

	private final InstanceLifecycle lifecycle;

	private final Consumer<List<String>> listener;

	/**
	 * Creates a probe that asks nothing yet.
	 * @param listener gets the components that are down each time
	 */
	HealthProbe(DownComponents components, InstanceLifecycle lifecycle, Consumer<List<String>> listener) {
		this.components = components;
		this.lifecycle = lifecycle;
		this.listener = listener;
	}

	void start(Duration interval) {
		var unused = thread.scheduleWithFixedDelay(this::probe, interval.toMillis(), interval.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	void probeNow() {
		thread.execute(this::probe);
	}

	@Override
	public void close() {
		thread.shutdownNow();
	}

	private void probe() {
		List<String> down = List.of("health");
		try {
			down = lifecycle.state().takesCalls() ? components.names() : List.of();
		}
		catch (RuntimeException ex) {
			log.warn("The health of this instance cannot be told", ex);
		}
		listener.accept(down);
	}

}
