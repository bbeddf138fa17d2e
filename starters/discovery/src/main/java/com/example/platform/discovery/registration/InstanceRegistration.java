package com.example.platform.discovery.registration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.example.platform.consul.BackOff;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Keeps this instance registered in Consul for as long as it serves.
 *
 * <p>
 * It registers when the application is ready, HTTP and gRPC servers included. A refusal
 * is an error in the log, and is tried again. Should the entry vanish, because Consul was
 * restarted empty or somebody removed it, it registers again.
 *
 * <p>
 * Shutting down runs in the order that loses no call, which is not Spring's own:
 * readiness down, deregister, wait until callers have noticed, and only then do the
 * servers finish what is in flight and close.
 */
public final class InstanceRegistration implements AutoCloseable {

	private static final Log log = LogFactory.getLog(InstanceRegistration.class);

	private static final Duration DEREGISTER_TIMEOUT = Duration.ofSeconds(2);

	private final Consul consul;

	private final Supplier<NewService> registration;

	private final ApplicationContext context;

	private final Duration drainDelay;

	private final JsonMapper json = new JsonMapper();

	private final BackOff backOff = new BackOff();

	private final ScheduledExecutorService thread;

	private @Nullable NewService service;

	private @Nullable BlockingQuery watch;

	private Future<?> attempt = CompletableFuture.completedFuture(null);

	/**
	 * Creates a registration that does nothing before the application is ready.
	 * @param consul the agent to register with
	 * @param registration what to register; asked once all ports are known
	 * @param context the application whose life it follows
	 * @param drainDelay how long callers get to notice that this instance is leaving
	 */
	public InstanceRegistration(Consul consul, Supplier<NewService> registration, ApplicationContext context,
			Duration drainDelay) {
		this.consul = consul;
		this.registration = registration;
		this.context = context;
		this.drainDelay = drainDelay;
		this.thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread registrationThread = new Thread(task, "consul-registration");
			registrationThread.setDaemon(true);
			return registrationThread;
		});
	}

	@EventListener
	synchronized void ready(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == context && service == null) {
			NewService mine = registration.get();
			service = mine;
			schedule(mine, () -> register(mine, 0), Duration.ZERO);
			watch = consul.watch("/v1/health/service/" + mine.getName(), (answer) -> verify(mine, answer));
		}
	}

	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void closing(ContextClosedEvent event) throws InterruptedException {
		if (event.getApplicationContext() == context) {
			NewService leaving = endRegistration();
			if (leaving != null) {
				AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
				// A registration on its way would otherwise arrive after the
				// deregistration.
				thread.shutdownNow();
				if (!thread.awaitTermination(DEREGISTER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
					log.debug("A registration is still on its way");
				}
				deregister(leaving);
				log.info("Deregistered; giving callers " + drainDelay.toMillis() + " ms to notice");
				TimeUnit.MILLISECONDS.sleep(drainDelay.toMillis());
			}
		}
	}

	@Override
	public void close() {
		thread.shutdownNow();
	}

	private synchronized @Nullable NewService endRegistration() {
		NewService leaving = service;
		service = null;
		if (watch != null) {
			watch.close();
		}
		return leaving;
	}

	private synchronized void schedule(NewService mine, Runnable task, Duration pause) {
		if (service == mine) {
			attempt.cancel(false);
			attempt = thread.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void register(NewService mine, int failures) {
		try {
			consul.put("/v1/agent/service/register", json.writeValueAsString(mine)).join();
			log.info("Registered as " + mine.getId() + " at " + mine.getAddress() + ":" + mine.getPort() + " "
					+ mine.getMeta());
		}
		catch (RuntimeException ex) {
			if (failures == 0) {
				log.error("Consul did not register " + mine.getId() + ", so nobody can find this instance: "
						+ rootMessage(ex) + ". Trying again until it does.");
			}
			schedule(mine, () -> register(mine, failures + 1), backOff.pause(failures + 1));
		}
	}

	private void verify(NewService mine, Answer answer) {
		for (JsonNode entry : json.readTree((answer.body() != null) ? answer.body() : "[]")) {
			if (entry.path("Service").path("ID").asString().equals(mine.getId()) && !isNodeDead(entry)) {
				return;
			}
		}
		schedule(mine, () -> registerIfMissing(mine, 0), Duration.ZERO);
	}

	// The entry of a node that crashed stays in the catalog, where nobody counts it any
	// more.
	private static boolean isNodeDead(JsonNode entry) {
		for (JsonNode check : entry.path("Checks")) {
			if (check.path("CheckID").asString().equals("serfHealth")
					&& check.path("Status").asString().equals("critical")) {
				return true;
			}
		}
		return false;
	}

	// The catalog follows the agent with a delay; only the agent knows for sure.
	private void registerIfMissing(NewService mine, int failures) {
		try {
			if (consul.get("/v1/agent/service/" + mine.getId()).join().body() == null) {
				log.warn("Consul has lost the registration of " + mine.getId());
				register(mine, 0);
			}
		}
		catch (CompletionException ex) {
			if (failures == 0) {
				log.warn("Consul cannot be asked whether it still knows " + mine.getId() + ": " + rootMessage(ex)
						+ ". Asking again until it answers.");
			}
			schedule(mine, () -> registerIfMissing(mine, failures + 1), backOff.pause(failures + 1));
		}
	}

	private void deregister(NewService leaving) throws InterruptedException {
		try {
			consul.put("/v1/agent/service/deregister/" + leaving.getId(), "")
				.get(DEREGISTER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			log.warn("Consul did not deregister " + leaving.getId() + " (" + rootMessage(ex)
					+ "); its health check takes the instance out of the balancing");
		}
	}

	private static String rootMessage(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return String.valueOf(root);
	}

}
