package com.example.order.summary;

import java.time.LocalDate;
import java.time.ZoneOffset;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Counts orders, and keeps what was counted.
 */
@Repository
class SummaryRepository {

	private final JdbcClient jdbc;

	SummaryRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Counts the orders of a day, of the users whose number leaves the remainder.
	 */
	OrderCounts count(LocalDate day, int remainder, int divisor) {
		return jdbc.sql("""
				select count(distinct user_id) as users, count(*) as placed,
				  count(*) filter (where status = 'PAID') as paid,
				  count(*) filter (where status = 'CANCELLED') as cancelled,
				  count(*) filter (where status = 'EXPIRED') as expired
				from orders where placed_at >= :begin and placed_at < :end and mod(user_id, :divisor) = :remainder""")
			.param("begin", day.atStartOfDay().atOffset(ZoneOffset.UTC))
			.param("end", day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC))
			.param("divisor", divisor)
			.param("remainder", remainder)
			.query(OrderCounts.class)
			.single();
	}

	/**
	 * Writes a day's counts down, in place of earlier ones.
	 */
	void write(LocalDate day, OrderCounts counts) {
		jdbc.sql("""
				insert into daily_summary (day, users, placed, paid, cancelled, expired)
				values (:day, :users, :placed, :paid, :cancelled, :expired)
				on conflict (day) do update set users = excluded.users, placed = excluded.placed, paid = excluded.paid,
				  cancelled = excluded.cancelled, expired = excluded.expired""")
			.param("day", day)
			.param("users", counts.users())
			.param("placed", counts.placed())
			.param("paid", counts.paid())
			.param("cancelled", counts.cancelled())
			.param("expired", counts.expired())
			.update();
	}

}
