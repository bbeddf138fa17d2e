package com.example.platform.scheduling.queue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Clock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The database's clock, which all instances share: one whose own clock is wrong runs
 * nothing early, and takes nobody for dead. Between two questions it goes by
 * {@link System#nanoTime()}. Thread-safe.
 */
public final class DatabaseClock implements Clock {

	private static final Log log = LogFactory.getLog(DatabaseClock.class);

	private static final Duration ASKED_EVERY = Duration.ofSeconds(5);

	// An answer that took longer may be that old.
	private static final Duration LONGEST_ANSWER = Duration.ofMillis(100);

	private static final int FIRST_QUESTIONS = 5;

	private final DataSource database;

	private volatile Reading reading;

	/**
	 * Creates a clock.
	 * @param database whose time it tells
	 * @throws IllegalStateException if the database cannot be asked
	 */
	public DatabaseClock(DataSource database) {
		this.database = database;
		try {
			Reading best = ask();
			for (int i = 1; i < FIRST_QUESTIONS && best.took > LONGEST_ANSWER.toNanos(); i++) {
				Reading next = ask();
				best = (next.took < best.took) ? next : best;
			}
			reading = best;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database does not tell the time: " + ex.getMessage(), ex);
		}
	}

	@Override
	public Instant now() {
		Reading last = reading;
		return last.time.plusNanos(System.nanoTime() - last.nanos);
	}

	/**
	 * Asks again when it is time to. Called by one thread.
	 */
	public void adjust() {
		if (System.nanoTime() - reading.nanos < ASKED_EVERY.toNanos()) {
			return;
		}
		try {
			Reading next = ask();
			if (next.took < LONGEST_ANSWER.toNanos()) {
				reading = next;
			}
		}
		catch (SQLException ex) {
			log.debug("The database cannot be asked for the time; what it said last goes on", ex);
		}
	}

	private Reading ask() throws SQLException {
		try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
			long before = System.nanoTime();
			try (ResultSet time = statement.executeQuery("select clock_timestamp()")) {
				time.next();
				long after = System.nanoTime();
				// From when it was heard on, so that it is never ahead.
				return new Reading(time.getObject(1, OffsetDateTime.class).toInstant(), after, after - before);
			}
		}
	}

	private record Reading(Instant time, long nanos, long took) {
	}

}
