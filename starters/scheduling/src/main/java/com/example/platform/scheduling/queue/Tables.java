package com.example.platform.scheduling.queue;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

/**
 * The tables of jobs and locks.
 */
public final class Tables {

	private Tables() {
	}

	/**
	 * Makes them, or brings them up to date. With a history of their own, so that the
	 * versions of the service's migrations go on as they were.
	 * @param database where they stand, beside whatever else there is
	 */
	public static void migrate(DataSource database) {
		Flyway.configure()
			.dataSource(database)
			// The pool refuses within a moment, which a first connection may take.
			.connectRetries(2)
			.locations("classpath:com/example/platform/scheduling/migration")
			.table("scheduling_schema_history")
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

}
