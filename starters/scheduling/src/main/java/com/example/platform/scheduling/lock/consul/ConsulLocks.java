package com.example.platform.scheduling.lock.consul;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.KeyValue;
import com.example.platform.scheduling.lock.Lease;
import com.example.platform.scheduling.lock.Lock;
import com.example.platform.scheduling.lock.Locks;
import com.example.platform.scheduling.lock.LocksUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Locks as keys of Consul that a session holds, {@code platform/locks/<name>}, as in
 * HashiCorp's <a href=
 * "https://developer.hashicorp.com/consul/docs/dynamic-app-config/sessions">sessions</a>.
 *
 * <p>
 * A process that dies or freezes loses its session within a second of its last renewal,
 * and one more second later another one can have its locks. By then its own
 * {@link Lock#isHeld()} has long been {@code false}.
 *
 * <p>
 * The fence is the key's {@code ModifyIndex}, which is Consul's count of all writes; it
 * grows also when the key is deleted. It starts again when Consul starts <em>empty</em>,
 * and goes back when an earlier snapshot is restored. Then what remembers the higher
 * fence refuses all holders until the count has passed it: where that may happen, use a
 * fence that lives with the data, such as that of {@code PostgresLocks}. Consul that
 * loses what it had and is back within a second, and somebody who deletes a key or
 * releases it by hand, give a lock to another one while its holder still counts on it;
 * who deletes or releases is noticed within milliseconds.
 */
public final class ConsulLocks implements Locks {

	private static final Log log = LogFactory.getLog(ConsulLocks.class);

	private static final String PREFIX = "platform/locks/";

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	// A key that is free and cannot be had has a lock delay, whose end no watch tells.
	private static final Duration PAUSE = Duration.ofMillis(100);

	private final Consul consul;

	private final String service;

	private final ScheduledExecutorService timer;

	// A session may acquire what it holds, so that the threads of one process must
	// exclude each other here.
	private final Set<String> taken = ConcurrentHashMap.newKeySet();

	private final Set<ConsulLock> locks = ConcurrentHashMap.newKeySet();

	private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();

	private @Nullable CompletableFuture<HolderSession> session;

	private volatile boolean closed;

	/**
	 * Holds locks in Consul. There is no session until one is asked for.
	 * @param consul the client, which stays open
	 * @param service who holds them, for people to see
	 */
	public ConsulLocks(Consul consul, String service) {
		this.consul = consul;
		this.service = service;
		this.timer = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "lock-renewal");
			thread.setDaemon(true);
			return thread;
		});
	}

	@Override
	public Optional<Lock> tryAcquire(String name) {
		Locks.requireValid(name);
		if (!taken.add(name)) {
			return Optional.empty();
		}
		Optional<Lock> lock = Optional.empty();
		try {
			lock = take(name);
			return lock;
		}
		catch (CompletionException ex) {
			throw new LocksUnavailableException(name, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		finally {
			if (lock.isEmpty()) {
				taken.remove(name);
			}
		}
	}

	private Optional<Lock> take(String name) {
		HolderSession holder = session().join();
		String key = PREFIX + name;
		try {
			if (!await(consul.kv().acquire(key, service, holder.id()))) {
				return Optional.empty();
			}
			Optional<KeyValue> entry = await(consul.kv().get(key))
				.filter((present) -> holder.id().equals(present.session()));
			return entry.map((held) -> hold(name, held.modifyIndex(), holder));
		}
		catch (CompletionException ex) {
			// The key may be held all the same, and nobody would ever release it.
			var unused = holder.end();
			throw ex;
		}
	}

	private Lock hold(String name, long fence, HolderSession holder) {
		ConsulLock lock = new ConsulLock(name, fence, holder);
		locks.add(lock);
		lock.begin();
		if (closed) {
			lock.close();
		}
		return lock;
	}

	@Override
	public Optional<Lock> acquire(String name, Duration patience) throws InterruptedException {
		long end = System.nanoTime() + patience.toNanos();
		Optional<Lock> atOnce = attempt(name, end);
		if (atOnce.isPresent() || System.nanoTime() - end >= 0) {
			return atOnce;
		}
		Waiter waiter = new Waiter();
		waiting.add(waiter.changed);
		try (BlockingQuery watch = consul.kv().watch(PREFIX + name, (answer) -> waiter.heard(answer.body()))) {
			while (true) {
				waiter.changed.drainPermits();
				Optional<Lock> lock = attempt(name, end);
				long left = end - System.nanoTime();
				if (lock.isPresent() || left <= 0) {
					return lock;
				}
				waiter.changed.tryAcquire(waiter.free ? Math.min(left, PAUSE.toNanos()) : left, TimeUnit.NANOSECONDS);
			}
		}
		finally {
			waiting.remove(waiter.changed);
		}
	}

	private Optional<Lock> attempt(String name, long end) throws InterruptedException {
		try {
			return tryAcquire(name);
		}
		catch (LocksUnavailableException ex) {
			if (System.nanoTime() - end >= 0) {
				throw ex;
			}
			new Semaphore(0).tryAcquire(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
			return Optional.empty();
		}
	}

	@Override
	public void close() {
		CompletableFuture<HolderSession> last;
		synchronized (this) {
			closed = true;
			last = session;
		}
		waiting.forEach(Semaphore::release);
		locks.forEach(ConsulLock::close);
		if (last != null) {
			try {
				await(last.thenCompose(HolderSession::end));
			}
			catch (CompletionException ex) {
				log.info("Consul was not told that no locks are held any more (" + ex.getCause() + ")");
			}
		}
		timer.shutdownNow();
	}

	private synchronized CompletableFuture<HolderSession> session() {
		if (closed) {
			throw new IllegalStateException("Closed: there are no locks to be had any more");
		}
		if (session == null
				|| (session.isDone() && (session.isCompletedExceptionally() || !session.join().isValid()))) {
			session = HolderSession.open(consul, service, timer);
		}
		return session;
	}

	private static <T> T await(CompletableFuture<T> answer) {
		return answer.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).join();
	}

	private static final class Waiter {

		private final Semaphore changed = new Semaphore(0);

		private volatile boolean free = true;

		private void heard(Optional<KeyValue> entry) {
			free = entry.map(KeyValue::session).isEmpty();
			changed.release();
		}

	}

	private final class ConsulLock implements Lock {

		private final String name;

		private final long fence;

		private final HolderSession holder;

		private final Lease lease;

		private volatile @Nullable BlockingQuery watch;

		private ConsulLock(String name, long fence, HolderSession holder) {
			this.name = name;
			this.fence = fence;
			this.holder = holder;
			this.lease = holder.lease(name);
		}

		// Somebody may delete the key, or end the session.
		private void begin() {
			watch = consul.kv().watch(PREFIX + name, (answer) -> {
				if (!answer.body().map(KeyValue::session).equals(Optional.of(holder.id()))) {
					lease.lose();
				}
			});
			lease.onLost(this::lost);
		}

		@Override
		public String name() {
			return name;
		}

		@Override
		public long fence() {
			return fence;
		}

		@Override
		public boolean isHeld() {
			return lease.isValid();
		}

		@Override
		public void onLost(Runnable callback) {
			lease.onLost(callback);
		}

		@Override
		public void close() {
			if (lease.end()) {
				release();
				end();
			}
		}

		// It may have been found lost just before the session was renewed, which would
		// go on holding the key.
		private void lost() {
			if (holder.isValid()) {
				release();
			}
			end();
		}

		private void release() {
			try {
				await(consul.kv().release(PREFIX + name, holder.id()));
			}
			catch (CompletionException ex) {
				log.warn("Consul did not release the lock '" + name + "' (" + ex.getCause()
						+ "). Giving up the session, which does.");
				var unused = holder.end();
			}
		}

		private void end() {
			BlockingQuery running = watch;
			if (running != null) {
				running.close();
			}
			holder.forget(lease);
			locks.remove(this);
			taken.remove(name);
		}

	}

}
