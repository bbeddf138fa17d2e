package com.example.order.watching;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.example.order.placing.Order;
import com.example.order.placing.Orders;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * What happens to orders, on whatever instance, in one sequence that is the same for all
 * readers. Each instance looks for news once for all who wait for it, every
 * {@code orders.watching.poll-interval}. Thread-safe.
 */
@Service
public class OrderEvents {

	private static final Log logger = LogFactory.getLog(OrderEvents.class);

	private final OrderEventRepository events;

	private final Orders orders;

	private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

	private Cursor seen = OrderEventRepository.NOWHERE;

	OrderEvents(OrderEventRepository events, Orders orders) {
		this.events = events;
		this.orders = orders;
	}

	/**
	 * Returns the place between what has happened and what will. Events that are being
	 * written right now are behind it.
	 */
	public Cursor now() {
		return events.now();
	}

	/**
	 * Returns events in order.
	 * @param cursor only events behind this place
	 * @param userId only events of this user's orders; 0 means of all users
	 * @param size the most events to return
	 */
	public List<OrderEvent> after(Cursor cursor, long userId, int size) {
		List<OrderEventRepository.Row> rows = events.findAfter(cursor, userId, size);
		Map<UUID, Order> ordersById = orders
			.getAll(rows.stream().map(OrderEventRepository.Row::orderId).collect(Collectors.toSet()))
			.stream()
			.collect(Collectors.toMap(Order::id, Function.identity()));
		return rows.stream()
			.map((row) -> new OrderEvent(row.cursor(), row.status(),
					Objects.requireNonNull(ordersById.get(row.orderId())), row.occurredAt()))
			.toList();
	}

	/**
	 * Has something run whenever there may be new events, by a thread that all share.
	 * @param wakeUp what to run; must not block for long
	 * @return ends it
	 */
	public Runnable onNews(Runnable wakeUp) {
		waiting.add(wakeUp);
		return () -> waiting.remove(wakeUp);
	}

	private static void wake(Runnable wakeUp) {
		try {
			wakeUp.run();
		}
		catch (RuntimeException ex) {
			logger.warn("One who waits for order events failed; the others are told nevertheless", ex);
		}
	}

	@Scheduled(fixedDelayString = "${orders.watching.poll-interval}")
	synchronized void poll() {
		if (waiting.isEmpty()) {
			return;
		}
		try {
			Cursor latest = events.latest();
			if (!latest.equals(seen)) {
				seen = latest;
				waiting.forEach(OrderEvents::wake);
			}
		}
		catch (DataAccessException ex) {
			logger.warn("Cannot look for new order events, trying again: " + ex.getMessage());
		}
	}

}
