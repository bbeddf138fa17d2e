package com.example.order.watching;

import java.util.List;

/**
 * What one reader gets next of the sequence of all events.
 *
 * @param events those that the reader wants, in order
 * @param end the place behind them; the reader has missed nothing that is before it
 */
record EventBatch(List<OrderEvent> events, Cursor end) {

	/**
	 * Makes a batch of what was found before a place.
	 * @param found events in order, at most {@code size}
	 * @param size how many were asked for; if so many were found there may be more
	 * @param end the place up to which was searched
	 */
	static EventBatch of(List<OrderEvent> found, int size, Cursor end) {
		return new EventBatch(found, (found.size() < size) ? end : found.get(size - 1).cursor());
	}

}
