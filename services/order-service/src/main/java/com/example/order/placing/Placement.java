package com.example.order.placing;

/**
 * The outcome of placing an order.
 *
 * @param order the order
 * @param created {@code false} if the idempotency key had been used before, and this is
 * the first order again
 */
public record Placement(Order order, boolean created) {
}
