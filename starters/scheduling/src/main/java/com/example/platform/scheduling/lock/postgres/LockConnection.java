package com.example.platform.scheduling.lock.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import javax.sql.DataSource;

import com.example.platform.scheduling.lock.Lease;

/**
 * The connection that holds a lock. The server ends it when nothing was asked for
 * {@link Lease#TIME_TO_LIVE}, as of a process that is frozen. Used by one thread at a
 * time.
 */
final class LockConnection {

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private final Connection connection;

	private LockConnection(Connection connection) {
		this.connection = connection;
	}

	static LockConnection open(DataSource dataSource) throws SQLException {
		LockConnection opened = new LockConnection(dataSource.getConnection());
		try {
			opened.connection.setAutoCommit(true);
			opened.connection.setNetworkTimeout(Runnable::run, (int) Lease.VALIDITY.toMillis());
			opened.execute("set idle_session_timeout = " + Lease.TIME_TO_LIVE.toMillis());
			return opened;
		}
		catch (SQLException ex) {
			opened.abandon();
			throw ex;
		}
	}

	boolean tryLock(String name) throws SQLException {
		try (PreparedStatement statement = prepare("select pg_try_advisory_lock(hashtextextended(?, 0))", name);
				ResultSet row = statement.executeQuery()) {
			return row.next() && row.getBoolean(1);
		}
	}

	boolean lock(String name, Duration patience) throws SQLException {
		execute("set lock_timeout = " + Math.max(1, patience.toMillis()));
		try (PreparedStatement statement = prepare("select pg_advisory_lock(hashtextextended(?, 0))", name)) {
			statement.execute();
			return true;
		}
		catch (SQLException ex) {
			if (LOCK_NOT_AVAILABLE.equals(ex.getSQLState())) {
				return false;
			}
			throw ex;
		}
	}

	/**
	 * Raises the fence, which only the holder of the lock does.
	 */
	Fence raise(String name) throws SQLException {
		// What the inner select sees is how it was before.
		try (PreparedStatement statement = prepare("""
				insert into lock_fence as present (name, fence, held) values (?, 1, true)
				on conflict (name) do update set fence = present.fence + 1, held = true
				returning fence, (select held from lock_fence as before where before.name = present.name)""", name);
				ResultSet row = statement.executeQuery()) {
			row.next();
			return new Fence(row.getLong(1), row.getBoolean(2));
		}
	}

	void renew() throws SQLException {
		execute("select 1");
	}

	void release(String name) throws SQLException {
		try (PreparedStatement statement = prepare("update lock_fence set held = false where name = ?", name)) {
			statement.execute();
		}
		execute("select pg_advisory_unlock_all()");
	}

	/**
	 * Gives the connection back as it was.
	 */
	void giveBack() throws SQLException {
		execute("reset lock_timeout");
		execute("reset idle_session_timeout");
		connection.setNetworkTimeout(Runnable::run, 0);
		connection.close();
	}

	/**
	 * Breaks the connection, and with it the lock, without a word to the server. Does
	 * nothing to one that was given back.
	 */
	void abandon() {
		try (connection) {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// Then it is broken already.
		}
	}

	private PreparedStatement prepare(String sql, String name) throws SQLException {
		PreparedStatement statement = connection.prepareStatement(sql);
		statement.setString(1, name);
		return statement;
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * What a new holder gets.
	 *
	 * @param number the fence
	 * @param afterLoss whether the holder before has not released
	 */
	record Fence(long number, boolean afterLoss) {
	}

}
