package com.example.order.composing;

import java.util.List;

import com.example.order.placing.IdempotencyKey;
import com.example.order.placing.Order;
import com.example.order.placing.OrderLine;
import com.example.order.placing.Orders;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

import org.springframework.stereotype.Service;
import org.springframework.validation.annotation.Validated;

/**
 * Composes orders. A draft obeys the rules of an order at every step; a change that would
 * break one is refused like the order would be.
 */
@Service
@Validated
class OrderComposer {

	private final Orders orders;

	OrderComposer(Orders orders) {
		this.orders = orders;
	}

	/**
	 * Returns an empty draft.
	 */
	public OrderDraft start(@Positive long userId) {
		return new OrderDraft(userId, List.of());
	}

	/**
	 * Adds a line, or replaces the one with the same article.
	 * @throws com.example.order.placing.OrderRefusedException if the draft would break a
	 * rule or a limit
	 */
	public OrderDraft put(OrderDraft draft, @Valid OrderLine line) {
		OrderDraft changed = draft.with(line);
		orders.check(changed.order());
		return changed;
	}

	/**
	 * Removes the line with an article, if there is one.
	 */
	public OrderDraft remove(OrderDraft draft, String sku) {
		return draft.without(sku);
	}

	/**
	 * Places the draft as {@link Orders#place} does.
	 */
	public Order place(OrderDraft draft, @IdempotencyKey String idempotencyKey) {
		return orders.place(idempotencyKey, draft.order()).order();
	}

}
