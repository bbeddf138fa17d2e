package com.example.platform.discovery;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.consul.HealthEntry;
import com.example.platform.consul.WatchListener;
import com.example.platform.discovery.ServiceDirectory.Subscription;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The watch on one service, and those who listen to it.
 */
final class WatchedService implements WatchListener<List<HealthEntry>> {

	private static final Log log = LogFactory.getLog(ServiceDirectory.class);

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	private final String service;

	private final Duration outageGrace;

	private final InstanceSnapshots snapshots;

	// Runs what may take long, each task on a thread that nothing else waits for.
	private final Executor executor;

	private final BlockingQuery watch;

	// What Consul said last, which is not all that applies while the grace runs.
	private Instances latest = Instances.of(List.of());

	// Those of before the outage whom Consul has not known since. Whom it knows again
	// counts as it says from then on, also when the entry goes once more.
	private List<ServiceEndpoint> awaited = List.of();

	private long graceEnd;

	private boolean lastResort;

	private volatile CompletableFuture<List<ServiceEndpoint>> instances = new CompletableFuture<>();

	WatchedService(String service, Consul consul, Duration outageGrace, InstanceSnapshots snapshots,
			Executor executor) {
		this.service = service;
		this.outageGrace = outageGrace;
		this.snapshots = snapshots;
		this.executor = executor;
		this.watch = consul.health().watch(service, this);
	}

	CompletableFuture<List<ServiceEndpoint>> instances() {
		return instances;
	}

	Subscription subscribe(Consumer<List<ServiceEndpoint>> consumer) {
		Listener listener = new Listener(consumer);
		listeners.add(listener);
		if (instances.isDone()) {
			listener.tell(Runnable::run);
		}
		return listener;
	}

	synchronized ServiceView view() {
		return new ServiceView(service, known(), latest.unavailable(), watch.index(), watch.age());
	}

	void close() {
		watch.close();
	}

	@Override
	public synchronized void changed(Answer<List<HealthEntry>> answer) {
		Instances next = Instances.read(answer.body());
		for (String id : next.unusable()) {
			if (!latest.unusable().contains(id)) {
				log.error("Instance " + id + " of " + service + " is registered with an " + next.unavailable().get(id)
						+ " and gets no calls. It has to be a host name of letters, digits, '-' and '.', or an IP"
						+ " address; see spring.cloud.consul.discovery.hostname of the instance.");
			}
		}
		latest = next;
		awaited = latest.unknownOf(answer.afterOutage() ? known() : awaited);
		if (answer.afterOutage() && !awaited.isEmpty()) {
			log.warn("Consul came back without " + awaited.size() + " of the instances of " + service
					+ "; they stay in use for up to " + outageGrace.toSeconds() + " s");
			graceEnd = System.nanoTime() + outageGrace.toNanos();
			CompletableFuture.delayedExecutor(outageGrace.toNanos(), TimeUnit.NANOSECONDS).execute(this::endGrace);
		}
		apply();
		confirmed();
	}

	@Override
	public void confirmed() {
		executor.execute(() -> snapshots.keep(service, available()));
	}

	// Not those that are awaited, which Consul has not confirmed.
	private synchronized List<ServiceEndpoint> available() {
		return latest.available();
	}

	@Override
	public synchronized void lost() {
		if (!instances.isDone()) {
			snapshots.read(service).ifPresent((kept) -> {
				latest = Instances.of(kept);
				apply();
			});
		}
	}

	private synchronized void endGrace() {
		// Another outage may have begun a new one.
		if (System.nanoTime() - graceEnd >= 0) {
			awaited = List.of();
			apply();
		}
	}

	private void apply() {
		List<ServiceEndpoint> regular = Stream.concat(latest.available().stream(), awaited.stream()).toList();
		boolean nobodyElse = regular.isEmpty() && !latest.missedByProbes().isEmpty();
		if (nobodyElse && !lastResort) {
			log.warn("Consul's probes miss every instance of " + service + "; calls go to them nevertheless: "
					+ latest.unavailable());
		}
		lastResort = nobodyElse;
		List<ServiceEndpoint> next = (lastResort ? latest.missedByProbes() : regular).stream()
			.sorted(Comparator.comparing(ServiceEndpoint::instanceId))
			.toList();
		if (instances.isDone() && next.equals(known())) {
			return;
		}
		if (!instances.complete(next)) {
			instances = CompletableFuture.completedFuture(next);
		}
		listeners.forEach((listener) -> listener.tell(executor));
	}

	private List<ServiceEndpoint> known() {
		return instances.getNow(List.of());
	}

	/**
	 * Somebody who is told the present list, one call at a time. While it is busy,
	 * changes add up to one; it keeps nobody else waiting.
	 */
	private final class Listener implements Subscription {

		private final Consumer<List<ServiceEndpoint>> consumer;

		private final AtomicInteger untold = new AtomicInteger();

		private volatile boolean closed;

		// Confined to the thread that tells.
		private @Nullable List<ServiceEndpoint> heard;

		private Listener(Consumer<List<ServiceEndpoint>> consumer) {
			this.consumer = consumer;
		}

		private void tell(Executor by) {
			if (untold.getAndIncrement() == 0) {
				by.execute(this::tellAll);
			}
		}

		private void tellAll() {
			int told;
			do {
				told = untold.get();
				List<ServiceEndpoint> next = known();
				if (!closed && next != heard) {
					heard = next;
					tell(next);
				}
			}
			while (untold.addAndGet(-told) > 0);
		}

		private void tell(List<ServiceEndpoint> next) {
			try {
				consumer.accept(next);
			}
			catch (RuntimeException | Error ex) {
				log.error("A listener to the instances of " + service + " failed; it hears of the next change", ex);
			}
		}

		@Override
		public void close() {
			closed = true;
			listeners.remove(this);
		}

	}

}
