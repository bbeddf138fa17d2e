package com.example.platform.discovery.registration;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.example.platform.consul.BackOff;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Check;
import com.example.platform.consul.Consul;
import com.example.platform.consul.ConsulException;
import com.example.platform.consul.HealthEntry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.cloud.consul.model.http.agent.NewService;
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

	private final Consul consul;

	private final Registrations registrations;

	private final ApplicationContext context;

	private final DownComponents downComponents;

	private final Duration drainDelay;

	private final BackOff backOff = new BackOff();

	private final ScheduledExecutorService thread = newThread("consul-registration");

	// Health may take longer than Consul waits for a heartbeat.
	private final ScheduledExecutorService healthThread = newThread("consul-health");

	private volatile Report report = new Report(InstanceState.STARTING, "starting");

	private volatile boolean ready;

	private @Nullable Registration registration;

	private @Nullable BlockingQuery watch;

	private List<Future<?>> periodic = List.of();

	private Future<?> attempt = CompletableFuture.completedFuture(null);

	// Confined to the registration thread.
	private boolean registered;

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
		this.consul = consul;
		this.registrations = registrations;
		this.context = context;
		this.downComponents = downComponents;
		this.drainDelay = drainDelay;
	}

	/**
	 * Returns where this instance is in its life.
	 * @return the present state, whether or not Consul could be told
	 */
	public InstanceState state() {
		return report.state();
	}

	@EventListener
	synchronized void started(ApplicationStartedEvent event) {
		if (event.getApplicationContext() == context && registration == null) {
			Registration mine = registrations.compose();
			registration = mine;
			schedule(() -> register(0), START_UNREPORTED);
			watch = consul.health()
				.watch(mine.service().getName(), mine.service().getId(), (answer) -> verify(answer.body()));
			periodic = List.of(periodically(thread, this::refresh), periodically(healthThread, this::checkHealth));
		}
	}

	@EventListener
	void readinessChanged(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
			enter(new Report(InstanceState.PASSING, "ready"));
		}
		else {
			enter(new Report(InstanceState.DRAINING, "draining"));
		}
	}

	/**
	 * Registers this instance anew when it has been registered, since its configuration
	 * has changed.
	 */
	public synchronized void renew() {
		if (registration != null) {
			registration = registrations.compose();
			schedule(() -> register(0), Duration.ZERO);
		}
	}

	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void closing(ContextClosedEvent event) throws InterruptedException {
		if (event.getApplicationContext() == context && registration() != null) {
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			try {
				// Tasks run in order: once this one has, Consul was told.
				thread.submit(() -> {
				}).get(FAREWELL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException | TimeoutException ex) {
				log.warn("Consul could not be told in time that this instance is draining", ex);
			}
			// Nobody calls one that never was ready.
			if (ready) {
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
		Registration leaving = endRegistration();
		// A registration on its way would otherwise arrive after the deregistration.
		if (!thread.awaitTermination(FAREWELL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			log.debug("A registration is still on its way");
		}
		if (leaving != null) {
			deregister(leaving.service().getId());
		}
		report = new Report(InstanceState.GONE, "gone");
	}

	private synchronized @Nullable Registration endRegistration() {
		Registration leaving = registration;
		registration = null;
		if (watch != null) {
			watch.close();
		}
		periodic.forEach((task) -> task.cancel(false));
		healthThread.shutdownNow();
		thread.shutdownNow();
		return leaving;
	}

	private synchronized @Nullable Registration registration() {
		return registration;
	}

	private synchronized void enter(Report next) {
		if (next.equals(report)) {
			return;
		}
		report = next;
		if (registration == null) {
			return;
		}
		if (next.state() == InstanceState.PASSING && !ready) {
			ready = true;
			schedule(() -> register(0), Duration.ZERO);
		}
		else {
			thread.execute(this::refresh);
		}
	}

	// While Consul was away, that alone may have been what was down.
	private synchronized void healthMayHaveChanged() {
		if (registration != null) {
			healthThread.execute(this::checkHealth);
		}
	}

	private void checkHealth() {
		List<String> down = List.of("health");
		try {
			down = state().takesCalls() ? downComponents.names() : List.of();
		}
		catch (RuntimeException ex) {
			log.warn("The health of this instance cannot be told", ex);
		}
		Report next = down.isEmpty() ? new Report(InstanceState.PASSING, "ready")
				: new Report(InstanceState.WARNING, "down: " + String.join(", ", down));
		synchronized (this) {
			if (state().takesCalls()) {
				enter(next);
			}
		}
	}

	// One attempt at a time: a newer one replaces that which waits.
	private synchronized void schedule(Runnable task, Duration pause) {
		if (registration != null) {
			attempt.cancel(false);
			attempt = thread.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void register(int failures) {
		Registration mine = registration();
		if (mine == null) {
			return;
		}
		NewService service = mine.service();
		try {
			consul.local().register(mine.json(report.state().checkStatus(), ready)).join();
			// Of a check that it knows, Consul keeps the status.
			tell(mine);
			registered = true;
			log.info("Registered as " + service.getId() + ", " + report.text() + ", at " + service.getAddress() + ":"
					+ service.getPort() + " " + service.getMeta());
			healthMayHaveChanged();
		}
		catch (RuntimeException ex) {
			if (failures == 0) {
				log.error("Consul did not register " + service.getId() + ", so nobody can find this instance: "
						+ rootMessage(ex) + ". Trying again until it does.");
			}
			schedule(() -> register(failures + 1), backOff.pause(failures + 1));
		}
	}

	private void refresh() {
		Registration mine = registration();
		if (mine == null || !registered) {
			return;
		}
		try {
			tell(mine);
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof ConsulException) {
				log.warn("Consul has lost the registration of " + mine.service().getId() + ": " + rootMessage(ex));
				register(0);
			}
			else if (state() == InstanceState.DRAINING) {
				log.warn(
						"Consul could not be told that " + mine.service().getId() + " is draining: " + rootMessage(ex));
			}
			// Otherwise the watch says that Consul is away, and what differs when it is
			// back.
		}
	}

	private void tell(Registration mine) {
		Report now = report;
		consul.local().update(mine.lifecycleCheckId(), now.state().checkStatus(), now.text()).join();
	}

	private void verify(List<HealthEntry> entries) {
		Registration mine = registration();
		if (mine != null
				&& entries.stream().noneMatch((entry) -> !isNodeDead(entry) && isCurrent(mine, entry.checks()))) {
			repairUnlessBusy();
		}
	}

	// An attempt that waits or runs repairs it anyway, and what it has not done yet is
	// not
	// lost.
	private synchronized void repairUnlessBusy() {
		if (attempt.isDone()) {
			schedule(() -> repair(0), Duration.ZERO);
		}
	}

	private boolean isCurrent(Registration mine, Collection<Check> checks) {
		Check.Status status = report.state().checkStatus();
		Map<String, Check.Status> statuses = new HashMap<>();
		checks.forEach((check) -> statuses.put(check.id(), check.status()));
		return statuses.keySet().containsAll(mine.checks(status, ready).keySet())
				&& status == statuses.get(mine.lifecycleCheckId());
	}

	// The entry of a node that crashed stays in the catalog, where nobody counts it any
	// more.
	private static boolean isNodeDead(HealthEntry entry) {
		return entry.checks().stream().anyMatch((check) -> check.id().equals("serfHealth") && check.isCritical());
	}

	// The catalog follows the agent with a delay; only the agent knows for sure.
	private void repair(int failures) {
		Registration mine = registration();
		if (mine == null) {
			return;
		}
		String id = mine.service().getId();
		try {
			if (!isCurrent(mine, consul.local().checks(id).join())) {
				log.warn("Consul has lost the registration of " + id + " or one of its checks");
				register(0);
			}
		}
		catch (CompletionException ex) {
			if (failures == 0) {
				log.warn("Consul cannot be asked whether it still knows " + id + ": " + rootMessage(ex)
						+ ". Asking again until it answers.");
			}
			schedule(() -> repair(failures + 1), backOff.pause(failures + 1));
		}
	}

	private void deregister(String id) throws InterruptedException {
		try {
			consul.local().deregister(id).get(FAREWELL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			log.warn("Consul did not deregister " + id + " (" + rootMessage(ex)
					+ "); its checks keep the instance out of the balancing");
		}
	}

	private static Future<?> periodically(ScheduledExecutorService executor, Runnable task) {
		return executor.scheduleWithFixedDelay(task, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static ScheduledExecutorService newThread(String name) {
		return Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		});
	}

	private static String rootMessage(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return String.valueOf(root);
	}

	private record Report(InstanceState state, String text) {
	}

}
