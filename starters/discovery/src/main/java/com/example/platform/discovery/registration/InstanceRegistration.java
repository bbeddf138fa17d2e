package com.example.platform.discovery.registration;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.example.platform.consul.Consul;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Keeps this instance registered in Consul, and its state visible there, for as long as
 * it runs.
 *
 * <p>
 * It registers when the HTTP and gRPC servers run; one that is ready a moment later does
 * so only then. Its lifecycle check is critical until the application is ready, passes
 * from then on, warns while a component of the health is down, and is critical again once
 * readiness is withdrawn. A refused registration is an error in the log, and is tried
 * again. Should the entry or one of its checks vanish, because Consul was restarted
 * empty, the agent moved or somebody removed it, the instance registers again with its
 * present state.
 *
 * <p>
 * Shutting down runs in the order that loses no call, which is not Spring's own:
 * readiness down and the lifecycle check critical, wait until callers have noticed, then
 * the servers finish what is in flight and close, and last the entry goes.
 */
public final class InstanceRegistration implements AutoCloseable {

	private static final Log log = LogFactory.getLog(InstanceRegistration.class);

	private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(2);

	// One that is ready sooner registers once, as ready.
	private static final Duration START_UNREPORTED = Duration.ofMillis(200);

	// A third of the lifecycle check's time to live.
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private final InstanceLifecycle lifecycle = new InstanceLifecycle();

	private final Registrations registrations;

	private final ApplicationContext context;

	private final Duration drainDelay;

	private final HealthProbe probe;

	private final Registrar registrar;

	/**
	 * Creates a registration that does nothing before the servers run.
	 * @param consul the agent to register with
	 * @param registrations what to register; asked once all ports are known
	 * @param context the application whose life it follows
	 * @param downComponents what is asked for the difference between passing and warning
	 * @param drainDelay how long callers get to notice that this instance is leaving
	 */
	public InstanceRegistration(Consul consul, Registrations registrations, ApplicationContext context,
			DownComponents downComponents, Duration drainDelay) {
		this.registrations = registrations;
		this.context = context;
		this.drainDelay = drainDelay;
		this.probe = new HealthProbe(downComponents, lifecycle, (down) -> tell(lifecycle.health(down)));
		// While Consul was away, that alone may have been what was down.
		this.registrar = new Registrar(consul, lifecycle, probe::probeNow);
	}

	/**
	 * Returns where this instance is in its life.
	 * @return the present state, whether or not Consul could be told
	 */
	public InstanceState state() {
		return lifecycle.state();
	}

	@EventListener
	void started(ApplicationStartedEvent event) {
		if (event.getApplicationContext() == context && registrar.registration() == null) {
			registrar.start(registrations.compose(), START_UNREPORTED, HEARTBEAT);
			probe.start(HEARTBEAT);
		}
	}

	@EventListener
	void readinessChanged(AvailabilityChangeEvent<ReadinessState> event) {
		tell(lifecycle.readiness(event.getState() == ReadinessState.ACCEPTING_TRAFFIC));
	}

	/**
	 * Registers this instance anew when it has been registered, since its configuration
	 * has changed.
	 */
	public void renew() {
		registrar.replace(registrations::compose);
	}

	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void closing(ContextClosedEvent event) throws InterruptedException {
		if (event.getApplicationContext() == context && registrar.registration() != null) {
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			registrar.awaitTold(FAREWELL_TIMEOUT);
			// Nobody calls one that never was ready.
			if (lifecycle.wasReady()) {
				log.info("Draining; giving callers " + drainDelay.toMillis() + " ms to notice");
				TimeUnit.MILLISECONDS.sleep(drainDelay.toMillis());
			}
		}
	}

	/**
	 * Removes the entry from Consul. Spring calls this after the servers have closed.
	 */
	@Override
	public void close() throws InterruptedException {
		probe.close();
		registrar.close(FAREWELL_TIMEOUT);
		lifecycle.gone();
	}

	private void tell(InstanceLifecycle.Change change) {
		switch (change) {
			case READY_AT_LAST -> registrar.registerAnew();
			case REPORT -> registrar.tell();
			case NONE -> {
			}
		}
	}

}
