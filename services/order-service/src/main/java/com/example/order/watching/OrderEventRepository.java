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

	/** Before all events. */
	static final Cursor START = new Cursor(0, 0);

	/** Behind all events. */
	static final Cursor END = new Cursor(Long.MAX_VALUE, Long.MAX_VALUE);

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
	 * Returns the last events that count now, in order.
	 * @param size the most events to return
	 */
	List<Row> findLast(int size) {
		return jdbc.sql("""
				select * from (
				  select transaction_id::text::bigint as transaction, id, order_id, status, occurred_at from order_event
				  where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
				  order by transaction_id desc, id desc
				  limit :size) last
				order by transaction, id""").param("size", size).query(OrderEventRepository::row).list();
	}

	/**
	 * Returns the events between two places that count now, in order.
	 * @param after the place before them
	 * @param upTo the place behind them
	 * @param userId only events of this user's orders; 0 means of all users
	 * @param size the most events to return
	 */
	List<Row> find(Cursor after, Cursor upTo, long userId, int size) {
		return jdbc.sql("""
				select transaction_id::text::bigint as transaction, id, order_id, status, occurred_at from order_event
				where (transaction_id, id) > (:afterTransaction::text::xid8, :afterEvent)
				and (transaction_id, id) <= (:upToTransaction::text::xid8, :upToEvent)
				and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
				and (:userId = 0 or user_id = :userId)
				order by transaction_id, id
				limit :size""")
			.param("afterTransaction", Long.toString(after.transactionId()))
			.param("afterEvent", after.eventId())
			.param("upToTransaction", Long.toString(upTo.transactionId()))
			.param("upToEvent", upTo.eventId())
			.param("userId", userId)
			.param("size", size)
			.query(OrderEventRepository::row)
			.list();
	}

	private static Row row(ResultSet row, int number) throws SQLException {
		return new Row(new Cursor(row.getLong("transaction"), row.getLong("id")), row.getObject("order_id", UUID.class),
				OrderStatus.valueOf(row.getString("status")),
				row.getObject("occurred_at", OffsetDateTime.class).toInstant());
	}

	/**
	 * An event as stored.
	 */
	record Row(Cursor cursor, UUID orderId, OrderStatus status, Instant occurredAt) {
	}

}
