package com.example.platform.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.grpc.Context;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Has the database end statements whose call is over. A cancellation may come a moment
 * before its statement, when it has no effect, so that it is repeated. Where that does
 * not help, because the database hangs or the network swallows everything, the connection
 * is closed. Thread-safe.
 */
final class StatementCanceller {

	private static final Log log = LogFactory.getLog(StatementCanceller.class);

	private static final Duration REPEATED_AFTER = Duration.ofMillis(100);

	private static final Duration CLOSED_AFTER = Duration.ofMillis(500);

	// A cancellation is a connection of its own, which takes its time when all goes
	// badly.
	private static final int THREADS = 8;

	private final ScheduledThreadPoolExecutor threads;

	StatementCanceller() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("statement-canceller-");
		factory.setDaemon(true);
		threads = new ScheduledThreadPoolExecutor(THREADS, factory);
		threads.setKeepAliveTime(10, TimeUnit.SECONDS);
		threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * Follows a statement that is about to be executed by this thread.
	 * @param statement the statement
	 * @param call when this is over, the statement is cancelled
	 * @return to be told of the end
	 */
	Execution follow(Statement statement, Context call) {
		Execution execution = new Execution(statement, call);
		call.addListener(execution, threads);
		return execution;
	}

	/**
	 * One execution of a statement.
	 */
	final class Execution implements Context.CancellationListener {

		private final Statement statement;

		private final Context call;

		private long firstCancelledAt;

		private boolean ended;

		private Execution(Statement statement, Context call) {
			this.statement = statement;
			this.call = call;
		}

		/**
		 * Waits for a cancellation under way, so that it cannot hit what the connection
		 * does next.
		 */
		void end() {
			call.removeListener(this);
			synchronized (this) {
				ended = true;
			}
		}

		@Override
		public void cancelled(Context call) {
			firstCancelledAt = System.nanoTime();
			cancel();
		}

		private synchronized void cancel() {
			if (ended) {
				return;
			}
			try {
				if (System.nanoTime() - firstCancelledAt < CLOSED_AFTER.toNanos()) {
					statement.cancel();
				}
				else {
					log.warn("The database does not end a statement whose call is over: its connection is closed");
					statement.getConnection().abort(Runnable::run);
				}
			}
			catch (SQLException ex) {
				log.debug("A statement cannot be cancelled", ex);
			}
			var unused = threads.schedule(this::cancel, REPEATED_AFTER.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
