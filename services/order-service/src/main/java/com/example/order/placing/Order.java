package com.example.order.placing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An order as stored. Everything but its status stays as it was placed.
 *
 * @param id given by the database
 * @param userId who ordered
 * @param status where the order stands
 * @param lines what was ordered
 * @param total the price of all lines
 * @param placedAt when the order was placed
 * @param paidAt when the order was paid, if it was
 * @param cancelledAt when the order was cancelled, if it was
 * @param customerUnverified whether nobody could say, when it was placed, that the user
 * may still order
 */
public record Order(UUID id, long userId, OrderStatus status, List<OrderLine> lines, Money total, Instant placedAt,
		@Nullable Instant paidAt, @Nullable Instant cancelledAt, boolean customerUnverified) {

	boolean hasContentOf(NewOrder order) {
		return userId == order.userId() && lines.equals(order.lines());
	}

}
