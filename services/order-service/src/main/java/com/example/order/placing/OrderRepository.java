package com.example.order.placing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The tables of orders. An idempotency key is unique for each user there, so two
 * instances that place the same order at the same moment cannot both succeed. Each change
 * writes its event in its own transaction.
 */
@Repository
class OrderRepository {

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
		Money total = newOrder.total();
		Optional<UUID> id = jdbc.sql("""
				insert into orders (user_id, idempotency_key, total_minor_units, currency)
				values (:userId, :key, :total, :currency)
				on conflict (user_id, idempotency_key) do nothing
				returning id""")
			.param("userId", newOrder.userId())
			.param("key", key)
			.param("total", total.minorUnits())
			.param("currency", total.currency())
			.query(UUID.class)
			.optional();
		id.ifPresent((orderId) -> {
			insertLines(orderId, newOrder.lines());
			insertEvent(orderId, newOrder.userId(), OrderStatus.PLACED);
		});
		return id.flatMap(this::find);
	}

	/**
	 * Cancels an order that is not yet cancelled.
	 * @return the order as it is then, or nothing if none has this id
	 */
	@Transactional
	public Optional<Order> cancel(UUID id) {
		jdbc.sql("""
				update orders set status = 'CANCELLED', cancelled_at = now()
				where id = :id and status = 'PLACED'
				returning user_id""")
			.param("id", id)
			.query(Long.class)
			.optional()
			.ifPresent((userId) -> insertEvent(id, userId, OrderStatus.CANCELLED));
		return find(id);
	}

	Optional<Order> find(UUID id) {
		return findAll(List.of(id)).stream().findFirst();
	}

	List<Order> findAll(Collection<UUID> ids) {
		return ids.isEmpty() ? List.of()
				: orders(jdbc.sql("select * from orders where id in (:ids)").param("ids", ids));
	}

	Optional<Order> findByKey(long userId, String key) {
		return orders(jdbc.sql("select * from orders where user_id = :userId and idempotency_key = :key")
			.param("userId", userId)
			.param("key", key)).stream().findFirst();
	}

	List<Order> findByUser(long userId, @Nullable UUID after, int size) {
		return orders(jdbc.sql("""
				select * from orders
				where user_id = :userId
				and (:after::uuid is null
				  or (placed_at, id) < (select placed_at, id from orders where id = :after::uuid and user_id = :userId))
				order by placed_at desc, id desc
				limit :size""").param("userId", userId).param("after", after).param("size", size));
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

	private List<Order> orders(StatementSpec query) {
		List<Order> orders = query.query(OrderRepository::orderWithoutLines).list();
		if (orders.isEmpty()) {
			return orders;
		}
		Map<UUID, List<OrderLine>> lines = lines(orders);
		return orders.stream().map((order) -> withLines(order, lines.getOrDefault(order.id(), List.of()))).toList();
	}

	private Map<UUID, List<OrderLine>> lines(List<Order> orders) {
		Map<UUID, List<OrderLine>> lines = new HashMap<>();
		jdbc.sql("""
				select l.*, o.currency from order_line l join orders o on o.id = l.order_id
				where l.order_id in (:ids)
				order by l.order_id, l.position""")
			.param("ids", orders.stream().map(Order::id).toList())
			.query((row) -> {
				OrderLine line = new OrderLine(row.getString("sku"), row.getInt("quantity"),
						new Money(row.getLong("unit_price_minor_units"), row.getString("currency")));
				lines.computeIfAbsent(row.getObject("order_id", UUID.class), (id) -> new ArrayList<>()).add(line);
			});
		return lines;
	}

	private static Order orderWithoutLines(ResultSet row, int number) throws SQLException {
		return new Order(row.getObject("id", UUID.class), row.getLong("user_id"),
				OrderStatus.valueOf(row.getString("status")), List.of(),
				new Money(row.getLong("total_minor_units"), row.getString("currency")),
				row.getObject("placed_at", OffsetDateTime.class).toInstant(),
				instant(row.getObject("cancelled_at", OffsetDateTime.class)));
	}

	private static Order withLines(Order order, List<OrderLine> lines) {
		return new Order(order.id(), order.userId(), order.status(), lines, order.total(), order.placedAt(),
				order.cancelledAt());
	}

	private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
		return (time != null) ? time.toInstant() : null;
	}

}
