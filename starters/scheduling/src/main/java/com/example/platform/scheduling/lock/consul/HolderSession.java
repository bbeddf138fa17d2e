package com.example.platform.scheduling.lock.consul;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import com.example.platform.consul.Check;
import com.example.platform.consul.Consul;
import com.example.platform.scheduling.lock.Lease;

/**
 * A session in which this process holds its locks. It ends when a check that the process
 * renews has not been renewed for {@link Lease#TIME_TO_LIVE}. The check belongs to a
 * service entry of its own: one of the node would take all instances on the node down
 * with it, one of the process's own service that instance.
 */
final class HolderSession {

	private static final Duration ATTEMPT = Duration.ofMillis(50);

	private static final Duration OPENING = Duration.ofSeconds(2);

	private final Consul consul;

	private final String id;

	private final String check;

	private final Lease lease;

	private final Set<Lease> locks = ConcurrentHashMap.newKeySet();

	private final ScheduledFuture<?> renewal;

	private HolderSession(Consul consul, String check, Created created, ScheduledExecutorService timer) {
		this.consul = consul;
		this.id = created.id;
		this.check = check;
		this.lease = new Lease("(all of this process)", created.sent);
		this.renewal = timer.scheduleWithFixedDelay(this::renew, 0, Lease.RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Opens a session without blocking.
	 */
	static CompletableFuture<HolderSession> open(Consul consul, String service, ScheduledExecutorService timer) {
		String check = "lock-holder-" + service + "-" + UUID.randomUUID();
		long end = System.nanoTime() + OPENING.toNanos();
		return consul.local()
			.register("""
					{"ID": "%s", "Name": "lock-holder", "Check": {"CheckID": "%s", "TTL": "%dms", "Status": "passing",
					 "DeregisterCriticalServiceAfter": "1m"}}""".formatted(check, check, Lease.TIME_TO_LIVE.toMillis()))
			.thenCompose((registered) -> create(consul, service, check, end))
			.orTimeout(OPENING.toMillis(), TimeUnit.MILLISECONDS)
			// Nothing renews one that is late, so that it ends by itself.
			.thenApply((created) -> new HolderSession(consul, check, created, timer));
	}

	// The catalog may not know the check yet, which follows the agent with a delay.
	private static CompletableFuture<Created> create(Consul consul, String service, String check, long end) {
		// A check that passes after that, when the session is made, counts from then on.
		long sent = System.nanoTime();
		Executor later = CompletableFuture.delayedExecutor(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
		return consul.local()
			.update(check, Check.Status.PASSING, "")
			.thenCompose((passing) -> consul.sessions()
				.create("""
						{"Name": "locks of %s", "LockDelay": "%dms", "Behavior": "release", "ServiceChecks": [{"ID": "%s"}]}"""
					.formatted(service, Lease.LOCK_DELAY.toMillis(), check)))
			.thenApply((id) -> new Created(id, sent))
			.exceptionallyCompose((failure) -> (System.nanoTime() - end > 0) ? CompletableFuture.failedFuture(failure)
					: CompletableFuture.completedFuture(check)
						.thenComposeAsync((again) -> create(consul, service, again, end), later));
	}

	String id() {
		return id;
	}

	boolean isValid() {
		return lease.isValid();
	}

	/**
	 * Begins a lease that is renewed with the session.
	 */
	Lease lease(String name) {
		Lease created = new Lease(name, lease.renewed());
		locks.add(created);
		if (!lease.isValid()) {
			created.lose();
		}
		return created;
	}

	void forget(Lease ended) {
		locks.remove(ended);
	}

	/**
	 * Ends it, and with it all locks that are still held.
	 */
	CompletableFuture<?> end() {
		renewal.cancel(false);
		if (lease.end()) {
			locks.forEach(Lease::lose);
		}
		return consul.local().deregister(check);
	}

	// The agent cannot tell of the check alone whether the session was lost in between.
	private void renew() {
		if (!lease.isValid()) {
			locks.forEach(Lease::lose);
			var unused = end();
			return;
		}
		long sent = System.nanoTime();
		var unused = consul.local()
			.update(check, Check.Status.PASSING, "")
			.thenCompose((passing) -> consul.sessions().exists(id))
			.thenAccept((exists) -> {
				if (exists) {
					lease.renew(sent);
					locks.forEach((held) -> held.renew(sent));
				}
				else {
					lease.lose();
					locks.forEach(Lease::lose);
				}
			});
	}

	/**
	 * A session that has been made.
	 *
	 * @param id its id
	 * @param sent when the check last was renewed before
	 */
	private record Created(String id, long sent) {
	}

}
