package com.example.platform.scheduling.lock.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.example.platform.scheduling.lock.Lease;
import com.example.platform.scheduling.lock.Lock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A lock whose connection is used by a thread of its own, so that one that hangs holds up
 * no other lock.
 */
final class PostgresLock implements Lock {

	private static final Log log = LogFactory.getLog(PostgresLock.class);

	private final String name;

	private final long fence;

	private final LockConnection connection;

	private final Lease lease;

	private final Consumer<PostgresLock> atEnd;

	private final CountDownLatch ending = new CountDownLatch(1);

	private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

	private volatile boolean released;

	PostgresLock(String name, long fence, LockConnection connection, long sent, Consumer<PostgresLock> atEnd) {
		this.name = name;
		this.fence = fence;
		this.connection = connection;
		this.lease = new Lease(name, sent);
		this.atEnd = atEnd;
	}

	void begin() {
		Thread thread = new Thread(this::hold, "lock-" + name);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Waits for a while.
	 * @return whether it was held all the time
	 */
	boolean outlasts(Duration time) throws InterruptedException {
		return !ending.await(time.toMillis(), TimeUnit.MILLISECONDS) && isHeld();
	}

	private void hold() {
		try {
			while (!ending.await(Lease.RENEWAL.toMillis(), TimeUnit.MILLISECONDS) && lease.isValid()) {
				long sent = System.nanoTime();
				connection.renew();
				lease.renew(sent);
			}
			if (released) {
				connection.release(name);
				connection.giveBack();
				return;
			}
		}
		catch (SQLException | InterruptedException ex) {
			log.warn("The connection that holds the lock '" + name + "' failed (" + ex + ")");
		}
		finally {
			end();
		}
	}

	private void end() {
		lease.lose();
		ending.countDown();
		connection.abandon();
		atEnd.accept(this);
		ended.complete(null);
	}

	/**
	 * Ends it as one that was lost, so that the next holder waits.
	 */
	void forsake() {
		lease.lose();
		ending.countDown();
		ended.join();
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
			released = true;
			ending.countDown();
			ended.join();
		}
	}

}
