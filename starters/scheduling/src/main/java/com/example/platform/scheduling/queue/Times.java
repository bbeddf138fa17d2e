package com.example.platform.scheduling.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Times as PostgreSQL's driver takes and gives them.
 */
public final class Times {

	private Times() {
	}

	/**
	 * Returns what can be bound to a {@code timestamptz}.
	 * @param instant a time
	 * @return the same time
	 */
	public static OffsetDateTime toDatabase(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	/**
	 * Reads a column that is not null.
	 * @param row the row
	 * @param column its name
	 * @return the time
	 * @throws SQLException if the row has no such column
	 */
	public static Instant read(ResultSet row, String column) throws SQLException {
		return Objects.requireNonNull(readNullable(row, column));
	}

	static @Nullable Instant readNullable(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

}
