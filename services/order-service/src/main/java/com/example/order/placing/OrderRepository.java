package com.example.order.placing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The tables of orders. An idempotency key is unique for each user there, so two
 * instances that place the same order at the same moment cannot both succeed. Each change
 * writes its event in its own transaction.
 */
@Repository
class OrderRepository {

	/** An order and its lines in one row. */
	private static final String SELECT = """
			select *,
			  array(select sku from order_line where order_id = orders.id order by position) as skus,
			  array(select quantity from order_line where order_id = orders.id order by position) as quantities,
			  array(select unit_price_minor_units from order_line where order_id = orders.id order by position)
			    as unit_prices
			from orders
			""";

	private final JdbcClient jdbc;

	OrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Stores an order, its lines and its event together.
	 * @return the order, or nothing if the user has used the key before; an insert with
	 * the same key that still runs is waited for
	 */
	@Transactional
	public Optional<Order> insert(String key, NewOrder newOrder) {
		return insert(key, newOrder, false);
	}

	/**
	 * Does the same for a user who was not checked, if the user is known and has not
	 * spent the limit. Of several at once, each counts what the others have spent.
	 * @return nothing if the user is not known, or the limit would be exceeded, or the
	 * user has used the key before
	 */
	@Transactional
	public Optional<Order> insertUnverified(String key, NewOrder newOrder, UnverifiedLimits limits) {
		// The row is locked until the end, so that the sum stays as it is.
		return jdbc.sql("""
				select placed_at from orders
				where user_id = :userId and not customer_unverified
				and placed_at > now() - make_interval(secs => :knownFor)
				order by placed_at desc limit 1
				for update""")
			.param("userId", newOrder.userId())
			.param("knownFor", limits.knownFor().toSeconds())
			.query(OffsetDateTime.class)
			.optional()
			.filter((checked) -> spentSince(checked, newOrder.userId()) + newOrder.total().minorUnits() <= limits
				.maxTotalMinorUnits())
			.flatMap((checked) -> insert(key, newOrder, true));
	}

	private long spentSince(OffsetDateTime checked, long userId) {
		return jdbc
			.sql("""
					select coalesce(sum(total_minor_units), 0) from orders
					where user_id = :userId and customer_unverified and status in ('PLACED', 'PAID') and placed_at >= :checked""")
			.param("userId", userId)
			.param("checked", checked)
			.query(Long.class)
			.single();
	}

	private Optional<Order> insert(String key, NewOrder newOrder, boolean unverified) {
		Money total = newOrder.total();
		Optional<UUID> id = jdbc.sql("""
				insert into orders (user_id, idempotency_key, total_minor_units, currency, customer_unverified)
				values (:userId, :key, :total, :currency, :unverified)
				on conflict (user_id, idempotency_key) do nothing
				returning id""")
			.param("userId", newOrder.userId())
			.param("key", key)
			.param("total", total.minorUnits())
			.param("currency", total.currency())
			.param("unverified", unverified)
			.query(UUID.class)
			.optional();
		id.ifPresent((orderId) -> {
			insertLines(orderId, newOrder.lines());
			insertEvent(orderId, newOrder.userId(), OrderStatus.PLACED);
		});
		return id.flatMap(this::find);
	}

	/**
	 * Pays or cancels an order that waits to be paid.
	 * @return the order as it is then, or nothing if none has this id
	 */
	@Transactional
	public Optional<Order> end(UUID id, OrderStatus status) {
		jdbc.sql("""
				update orders set status = :status,
				  paid_at = case when :status = 'PAID' then now() end,
				  cancelled_at = case when :status = 'CANCELLED' then now() end
				where id = :id and status = 'PLACED'
				returning user_id""")
			.param("id", id)
			.param("status", status.name())
			.query(Long.class)
			.optional()
			.ifPresent((userId) -> insertEvent(id, userId, status));
		return find(id);
	}

	/**
	 * Expires orders that were not paid in time, and says so in their events.
	 * @param size the most orders to expire
	 * @return how many have expired
	 */
	@Transactional
	public int expire(Duration dueWithin, int size) {
		return jdbc.sql("""
				with expired as (
				  update orders set status = 'EXPIRED'
				  where id in (select id from orders
				    where status = 'PLACED' and placed_at < now() - make_interval(secs => :dueWithin)
				    order by placed_at limit :size for update skip locked)
				  returning id, user_id)
				insert into order_event (order_id, user_id, status) select id, user_id, 'EXPIRED' from expired""")
			.param("dueWithin", dueWithin.toSeconds())
			.param("size", size)
			.update();
	}

	/**
	 * Forgets the keys of old orders: each can be used for another order then.
	 * @param size the most keys to forget
	 * @return how many are forgotten
	 */
	int forgetKeys(Duration age, int size) {
		return jdbc.sql("""
				update orders set idempotency_key = null
				where id in (select id from orders
				  where idempotency_key is not null and placed_at < now() - make_interval(secs => :age)
				  order by placed_at limit :size for update skip locked)""")
			.param("age", age.toSeconds())
			.param("size", size)
			.update();
	}

	Optional<Order> find(UUID id) {
		return jdbc.sql(SELECT + "where id = :id").param("id", id).query(OrderRepository::order).optional();
	}

	List<Order> findAll(Collection<UUID> ids) {
		return ids.isEmpty() ? List.of()
				: jdbc.sql(SELECT + "where id in (:ids)").param("ids", ids).query(OrderRepository::order).list();
	}

	Optional<Order> findByKey(long userId, String key) {
		return jdbc.sql(SELECT + "where user_id = :userId and idempotency_key = :key")
			.param("userId", userId)
			.param("key", key)
			.query(OrderRepository::order)
			.optional();
	}

	List<Order> findByUser(long userId, @Nullable UUID after, int size) {
		return jdbc.sql(SELECT + """
				where user_id = :userId
				and (:after::uuid is null
				  or (placed_at, id) < (select placed_at, id from orders where id = :after::uuid and user_id = :userId))
				order by placed_at desc, id desc
				limit :size""")
			.param("userId", userId)
			.param("after", after)
			.param("size", size)
			.query(OrderRepository::order)
			.list();
	}

	private void insertLines(UUID orderId, List<OrderLine> lines) {
		for (int position = 0; position < lines.size(); position++) {
			OrderLine line = lines.get(position);
			jdbc.sql("""
					insert into order_line (order_id, position, sku, quantity, unit_price_minor_units)
					values (:orderId, :position, :sku, :quantity, :unitPrice)""")
				.param("orderId", orderId)
				.param("position", position)
				.param("sku", line.sku())
				.param("quantity", line.quantity())
				.param("unitPrice", line.unitPrice().minorUnits())
				.update();
		}
	}

	private void insertEvent(UUID orderId, long userId, OrderStatus status) {
		jdbc.sql("insert into order_event (order_id, user_id, status) values (:orderId, :userId, :status)")
			.param("orderId", orderId)
			.param("userId", userId)
			.param("status", status.name())
			.update();
	}

	private static Order order(ResultSet row, int number) throws SQLException {
		String currency = row.getString("currency");
		String[] skus = (String[]) row.getArray("skus").getArray();
		Integer[] quantities = (Integer[]) row.getArray("quantities").getArray();
		Long[] unitPrices = (Long[]) row.getArray("unit_prices").getArray();
		List<OrderLine> lines = IntStream.range(0, skus.length)
			.mapToObj((i) -> new OrderLine(skus[i], quantities[i], new Money(unitPrices[i], currency)))
			.toList();
		return new Order(row.getObject("id", UUID.class), row.getLong("user_id"),
				OrderStatus.valueOf(row.getString("status")), lines,
				new Money(row.getLong("total_minor_units"), currency),
				row.getObject("placed_at", OffsetDateTime.class).toInstant(), instant(row, "paid_at"),
				instant(row, "cancelled_at"), row.getBoolean("customer_unverified"));
	}

	private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

}
