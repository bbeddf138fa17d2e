package com.example.order.watching;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import com.example.order.placing.OrderStatus;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of events in the order of their transactions.
 *
 * <p>
 * An event counts once every transaction with a smaller number has ended. Until then one
 * of those could still commit an event that belongs before it, which a reader that had
 * already gone past would never see. The price is that a long transaction, in any
 * database of the server, delays events by as long as it writes.
 */
@Repository
class OrderEventRepository {

	/** Behind this is everything. */
	static final Cursor NOWHERE = new Cursor(0, 0);

	private final JdbcClient jdbc;

	OrderEventRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Returns the place behind which everything is that has not yet counted.
	 */
	Cursor now() {
		return jdbc.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
			.query((row, number) -> new Cursor(row.getLong(1), 0))
			.single();
	}

	/**
	 * Returns the place behind the last event that counts now.
	 */
	Cursor latest() {
		return jdbc.sql("""
				select transaction_id::text::bigint, id from order_event
				where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
				order by order_event.transaction_id desc, id desc
				limit 1""")
			.query((row, number) -> new Cursor(row.getLong(1), row.getLong(2)))
			.optional()
			.orElse(NOWHERE);
	}

	/**
	 * Returns the events behind a place that count now, in order.
	 * @param after the place
	 * @param userId only events of this user's orders; 0 means of all users
	 * @param size the most events to return
	 */
	List<Row> findAfter(Cursor after, long userId, int size) {
		return jdbc.sql("""
				select transaction_id::text::bigint, id, order_id, status, occurred_at from order_event
				where (transaction_id, id) > (:transactionId::text::xid8, :eventId)
				and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
				and (:userId = 0 or user_id = :userId)
				order by order_event.transaction_id, id
				limit :size""")
			.param("transactionId", Long.toString(after.transactionId()))
			.param("eventId", after.eventId())
			.param("userId", userId)
			.param("size", size)
			.query(OrderEventRepository::row)
			.list();
	}

	private static Row row(ResultSet row, int number) throws SQLException {
		return new Row(new Cursor(row.getLong(1), row.getLong("id")), row.getObject("order_id", UUID.class),
				OrderStatus.valueOf(row.getString("status")),
				row.getObject("occurred_at", OffsetDateTime.class).toInstant());
	}

	/**
	 * An event as stored.
	 */
	record Row(Cursor cursor, UUID orderId, OrderStatus status, Instant occurredAt) {
	}

}
