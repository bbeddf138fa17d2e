package com.example.order.watching;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 * readers. Each instance looks for news every {@code orders.watching.poll-interval}, once
 * for all who wait for it, and holds the latest events in memory: who keeps up costs no
 * query. Who has fallen behind, or resumes from long ago, reads from the database at its
 * own pace until it has caught up. Thread-safe.
 */
@Service
class OrderEvents {

	private static final Log logger = LogFactory.getLog(OrderEvents.class);

	private static final int BATCH = 100;

	private final OrderEventRepository events;

	private final Orders orders;

	private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

	private volatile RecentEvents recent = RecentEvents.NONE;

	OrderEvents(OrderEventRepository events, Orders orders) {
		this.events = events;
		this.orders = orders;
	}

	/**
	 * Returns the place between what has happened and what will. Events that are being
	 * written right now are behind it.
	 */
	Cursor now() {
		return events.now();
	}

	/**
	 * Returns the events that follow a place and have been seen by this instance. Never
	 * blocks.
	 * @param place where the reader is
	 * @param userId only events of this user's orders; 0 means of all users
	 * @return nothing if some of them are only in the database, see {@link #stored}
	 */
	Optional<EventBatch> recent(Cursor place, long userId) {
		return recent.after(place, userId, BATCH);
	}

	/**
	 * Returns the events that follow a place as {@link #recent} does, but from the
	 * database.
	 */
	EventBatch stored(Cursor place, long userId) {
		Cursor end = recent.end();
		return EventBatch.of(read(events.find(place, end, userId, BATCH)), BATCH,
				(place.compareTo(end) < 0) ? end : place);
	}

	/**
	 * Has something run whenever there are new events, by a thread that all share.
	 * @param wakeUp what to run; must not block
	 * @return ends it
	 */
	Runnable onNews(Runnable wakeUp) {
		waiting.add(wakeUp);
		return () -> waiting.remove(wakeUp);
	}

	private List<OrderEvent> read(List<OrderEventRepository.Row> rows) {
		Map<UUID, Order> ordersById = orders
			.getAll(rows.stream().map(OrderEventRepository.Row::orderId).collect(Collectors.toSet()))
			.stream()
			.collect(Collectors.toMap(Order::id, Function.identity()));
		return rows.stream()
			.map((row) -> new OrderEvent(row.cursor(), row.status(),
					Objects.requireNonNull(ordersById.get(row.orderId())), row.occurredAt()))
			.toList();
	}

	private static void wake(Runnable wakeUp) {
		try {
			wakeUp.run();
		}
		catch (RuntimeException ex) {
			logger.warn("One who waits for order events failed; the others are told nevertheless", ex);
		}
	}

	@Scheduled(fixedDelayString = "${orders.watching.poll-interval:100ms}")
	void poll() {
		try {
			if (waiting.isEmpty()) {
				recent = RecentEvents.NONE;
			}
			else if (recent.events().isEmpty()) {
				recall();
			}
			else {
				follow();
			}
		}
		catch (DataAccessException ex) {
			logger.warn("Cannot look for new order events, trying again: " + ex.getMessage());
		}
	}

	/** So that those who come back after a restart find what they missed in memory. */
	private void recall() {
		List<OrderEvent> last = read(events.findLast(BATCH));
		if (!last.isEmpty()) {
			Cursor begin = (last.size() < BATCH) ? OrderEventRepository.START : last.get(0).cursor();
			publish(new RecentEvents(begin, List.of(), begin).with(last));
		}
	}

	private void follow() {
		List<OrderEvent> next;
		do {
			next = read(events.find(recent.end(), OrderEventRepository.END, 0, BATCH));
			if (!next.isEmpty()) {
				publish(recent.with(next));
			}
		}
		while (next.size() == BATCH);
	}

	private void publish(RecentEvents latest) {
		recent = latest;
		waiting.forEach(OrderEvents::wake);
	}

}
