package com.example.platform.scheduling.queue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * Connections by which one instance takes and gives up runs. They are its own, so that a
 * service that is short of connections is not taken for dead. One that is frozen keeps
 * nobody waiting: the database ends what it has begun.
 */
public final class QueueConnections {

	// Polling, heartbeats, and runs that begin or end at the same time.
	private static final int SIZE = 4;

	private static final String BOUNDS = "set idle_in_transaction_session_timeout = '2s'; set lock_timeout = '2s'";

	private QueueConnections() {
	}

	/**
	 * Opens connections.
	 * @param database where to; the rest is replaced
	 * @return a pool of its own
	 */
	public static HikariDataSource open(HikariConfig database) {
		HikariConfig config = new HikariConfig();
		database.copyStateTo(config);
		config.setPoolName("jobs");
		config.setMaximumPoolSize(SIZE);
		config.setMinimumIdle(1);
		config.setAutoCommit(true);
		config.setConnectionInitSql(BOUNDS);
		return new HikariDataSource(config);
	}

}
