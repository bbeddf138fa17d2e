package com.example.platform.discovery.registration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.example.platform.consul.BackOff;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.ConsulException;
import com.example.platform.discovery.registration.InstanceLifecycle.Report;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.core.NestedExceptionUtils;

/**
 * Keeps an entry in Consul as it should be: registers it, tells its state, registers it
 * again when it or one of its checks has vanished, and removes it. One thread talks to
 * Consul.
 */
final class Registrar {

	private static final Log log = LogFactory.getLog(InstanceRegistration.class);

	private final Consul consul;

	private final InstanceLifecycle lifecycle;

	private final Runnable listener;

	private final BackOff backOff = new BackOff();

	private final ScheduledExecutorService thread = newThread("consul-registration");

	private @Nullable Registration registration;

	private @Nullable BlockingQuery watch;

	private Future<?> attempt = CompletableFuture.completedFuture(null);

	// Confined to the thread.
	private boolean registered;

	/**
	 * Creates a registrar that registers nothing yet.
	 * @param consul the agent to register with
	 * @param lifecycle knows what to tell
	 * @param listener called when the instance has been registered
	 */
	Registrar(Consul consul, InstanceLifecycle lifecycle, Runnable listener) {
		this.consul = consul;
		this.lifecycle = lifecycle;
		this.listener = listener;
	}

	// What still arrives for it once it is shut down is dropped.
	static ScheduledExecutorService newThread(String name) {
		return new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
	}

	/**
	 * Begins to keep an entry.
	 * @param mine the entry
	 * @param delay before it is registered, unless it is {@linkplain #registerAnew
	 * registered anew} in the meantime
	 * @param heartbeat how often its state is told
	 */
	synchronized void start(Registration mine, Duration delay, Duration heartbeat) {
		registration = mine;
		schedule(() -> register(0), delay);
		watch = consul.health().watch(mine.service().getName(), mine.service().getId(), (answer) -> {
			Registration present = registration();
			if (present != null && answer.body().stream().noneMatch((entry) -> present.isCurrent(entry, lifecycle))) {
				repairUnlessBusy();
			}
		});
		var unused = thread.scheduleWithFixedDelay(this::refresh, heartbeat.toMillis(), heartbeat.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	synchronized @Nullable Registration registration() {
		return registration;
	}

	/**
	 * Replaces the entry, if one is kept.
	 */
	synchronized void replace(Supplier<Registration> next) {
		if (registration != null) {
			registration = next.get();
			registerAnew();
		}
	}

	void registerAnew() {
		schedule(() -> register(0), Duration.ZERO);
	}

	void tell() {
		thread.execute(this::refresh);
	}

	/**
	 * Waits until Consul was told what there was to tell.
	 */
	void awaitTold(Duration timeout) throws InterruptedException {
		try {
			// Tasks run in order.
			thread.submit(() -> {
			}).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			log.warn("Consul could not be told in time that this instance is draining", ex);
		}
	}

	/**
	 * Removes the entry.
	 * @param timeout how long to wait for Consul, at most twice
	 */
	void close(Duration timeout) throws InterruptedException {
		Registration leaving = end();
		// A registration on its way would otherwise arrive after the deregistration.
		if (!thread.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			log.debug("A registration is still on its way");
		}
		if (leaving != null) {
			deregister(leaving.service().getId(), timeout);
		}
	}

	private synchronized @Nullable Registration end() {
		Registration leaving = registration;
		registration = null;
		if (watch != null) {
			watch.close();
		}
		thread.shutdownNow();
		return leaving;
	}

	// One attempt at a time: a newer one replaces that which waits.
	private synchronized void schedule(Runnable task, Duration pause) {
		attempt.cancel(false);
		attempt = thread.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void register(int failures) {
		Registration mine = registration();
		if (mine == null) {
			return;
		}
		NewService service = mine.service();
		try {
			consul.local().register(mine.json(lifecycle)).join();
			// Of a check that it knows, Consul keeps the status.
			tell(mine);
			registered = true;
			log.info("Registered as " + service.getId() + ", " + lifecycle.report().text() + ", at "
					+ service.getAddress() + ":" + service.getPort() + " " + service.getMeta());
			listener.run();
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
			else if (lifecycle.state() == InstanceState.DRAINING) {
				log.warn(
						"Consul could not be told that " + mine.service().getId() + " is draining: " + rootMessage(ex));
			}
			// Otherwise the watch says that Consul is away, and what differs when it is
			// back.
		}
	}

	private void tell(Registration mine) {
		Report now = lifecycle.report();
		consul.local().update(mine.lifecycleCheckId(), now.status(), now.text()).join();
	}

	// An attempt that waits or runs repairs it anyway, and what it has not done yet is
	// not lost.
	private synchronized void repairUnlessBusy() {
		if (attempt.isDone()) {
			schedule(() -> repair(0), Duration.ZERO);
		}
	}

	// The catalog follows the agent with a delay; only the agent knows for sure.
	private void repair(int failures) {
		Registration mine = registration();
		if (mine == null) {
			return;
		}
		String id = mine.service().getId();
		try {
			if (!mine.isCurrent(consul.local().checks(id).join(), lifecycle)) {
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

	private void deregister(String id, Duration timeout) throws InterruptedException {
		try {
			consul.local().deregister(id).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			log.warn("Consul did not deregister " + id + " (" + rootMessage(ex)
					+ "); its checks keep the instance out of the balancing");
		}
	}

	private static String rootMessage(Throwable failure) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure));
	}

}
