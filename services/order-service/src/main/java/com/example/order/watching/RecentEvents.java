package com.example.order.watching;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The latest events, held in memory once for all who read them. Immutable.
 *
 * @param begin the place before the first of them
 * @param events all events between the two places, in order
 * @param end the place behind the last of them
 */
record RecentEvents(Cursor begin, List<OrderEvent> events, Cursor end) {

	static final RecentEvents NONE = new RecentEvents(OrderEventRepository.START, List.of(),
			OrderEventRepository.START);

	/** So many events and lines of their orders are held, some 300 KB. */
	private static final int CAPACITY = 2000;

	/**
	 * Adds the next events. The oldest go for them, but never one of those that are new,
	 * so that whoever has read up to now finds them all.
	 * @param next the events that follow, at least one
	 */
	RecentEvents with(List<OrderEvent> next) {
		List<OrderEvent> all = Stream.concat(events.stream(), next.stream()).toList();
		int first = events.size();
		int weight = next.stream().mapToInt(RecentEvents::weight).sum();
		while (first > 0 && weight + weight(all.get(first - 1)) <= CAPACITY) {
			first--;
			weight += weight(all.get(first));
		}
		return new RecentEvents((first > 0) ? all.get(first - 1).cursor() : begin,
				List.copyOf(all.subList(first, all.size())), all.get(all.size() - 1).cursor());
	}

	/**
	 * Returns what follows a place.
	 * @param userId only events of this user's orders; 0 means of all users
	 * @param size the most events to return
	 * @return nothing if some of it is held no more
	 */
	Optional<EventBatch> after(Cursor place, long userId, int size) {
		if (place.compareTo(begin) < 0) {
			return Optional.empty();
		}
		int first = events.size();
		while (first > 0 && events.get(first - 1).cursor().compareTo(place) > 0) {
			first--;
		}
		List<OrderEvent> found = events.subList(first, events.size())
			.stream()
			.filter((event) -> userId == 0 || event.order().userId() == userId)
			.limit(size)
			.toList();
		return Optional.of(EventBatch.of(found, size, (place.compareTo(end) < 0) ? end : place));
	}

	private static int weight(OrderEvent event) {
		return 1 + event.order().lines().size();
	}

}
