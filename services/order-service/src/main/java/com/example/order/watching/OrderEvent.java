package com.example.order.watching;

import java.time.Instant;

import com.example.order.placing.Order;
import com.example.order.placing.OrderStatus;

/**
 * Something that happened to an order.
 *
 * @param cursor the place behind this event
 * @param status where the order stood from then on
 * @param order the order as it was when the event was read
 * @param occurredAt when it happened
 */
record OrderEvent(Cursor cursor, OrderStatus status, Order order, Instant occurredAt) {
}
