package com.example.platform.scheduling.lock.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.example.platform.scheduling.lock.Lease;
import com.example.platform.scheduling.lock.Lock;
import com.example.platform.scheduling.lock.Locks;
import com.example.platform.scheduling.lock.LocksUnavailableException;
import com.example.platform.scheduling.lock.postgres.LockConnection.Fence;

/**
 * Locks as <a href=
 * "https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">advisory
 * locks</a> of PostgreSQL 14 or newer, with the fence in the table {@code lock_fence}. It
 * goes on growing as long as the database lives, and is restored with the data. What one
 * writes in the same database can compare it without asking anybody else.
 *
 * <p>
 * Each lock that is held, and each thread that waits for one, takes a connection: give
 * them a data source of their own, or a pool that has more than the work needs. A pool in
 * between that shares sessions, such as PgBouncer by transaction, does not work. A
 * process that dies or freezes loses its connection within a second of its last renewal,
 * and one more second later another one has its locks. Locks whose names have the same
 * hash exclude each other, which among a thousand names happens once in 10<sup>13</sup>.
 *
 * <p>
 * A standby that is promoted without the last commits may give a fence again.
 */
public final class PostgresLocks implements Locks {

	// An interruption is noticed in between.
	private static final Duration SLICE = Duration.ofMillis(500);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final DataSource dataSource;

	private final Set<PostgresLock> locks = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	/**
	 * Holds locks in a database that has the table.
	 * @param dataSource gives the connections; how long it takes to say that it has none
	 * adds to the waiting
	 */
	public PostgresLocks(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * {@inheritDoc} When its holder was lost, this waits a second until that one counts
	 * on it no more.
	 */
	@Override
	public Optional<Lock> tryAcquire(String name) {
		try {
			return attempt(name, System.nanoTime());
		}
		catch (SQLException ex) {
			throw new LocksUnavailableException(name, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	@Override
	public Optional<Lock> acquire(String name, Duration patience) throws InterruptedException {
		long end = System.nanoTime() + patience.toNanos();
		while (true) {
			try {
				return attempt(name, end);
			}
			catch (SQLException ex) {
				if (System.nanoTime() - end >= 0) {
					throw new LocksUnavailableException(name, ex);
				}
				new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
	}

	private Optional<Lock> attempt(String name, long end) throws SQLException, InterruptedException {
		Locks.requireValid(name);
		requireOpen();
		LockConnection connection = LockConnection.open(dataSource);
		PostgresLock lock = null;
		try {
			if (!take(connection, name, end)) {
				connection.giveBack();
				return Optional.empty();
			}
			long sent = System.nanoTime();
			Fence fence = connection.raise(name);
			lock = new PostgresLock(name, fence.number(), connection, sent, locks::remove);
			return Optional.of(hold(lock, fence));
		}
		finally {
			if (lock == null) {
				connection.abandon();
			}
		}
	}

	private Lock hold(PostgresLock lock, Fence fence) throws SQLException, InterruptedException {
		lock.begin();
		boolean given = false;
		try {
			given = !fence.afterLoss() || lock.outlasts(Lease.LOCK_DELAY);
		}
		finally {
			if (!given) {
				lock.forsake();
			}
		}
		if (!given) {
			throw new SQLException("The connection failed while the holder before might still count on the lock");
		}
		locks.add(lock);
		if (closed || !lock.isHeld()) {
			lock.close();
			locks.remove(lock);
		}
		return lock;
	}

	private boolean take(LockConnection connection, String name, long end) throws SQLException, InterruptedException {
		if (connection.tryLock(name)) {
			return true;
		}
		for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
			if (connection.lock(name, Duration.ofNanos(Math.min(left, SLICE.toNanos())))) {
				return true;
			}
			requireOpen();
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
		}
		return false;
	}

	private void requireOpen() {
		if (closed) {
			throw new IllegalStateException("Closed: there are no locks to be had any more");
		}
	}

	@Override
	public void close() {
		closed = true;
		locks.forEach(PostgresLock::close);
	}

}
