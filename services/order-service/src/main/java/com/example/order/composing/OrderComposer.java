package com.example.order.composing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.example.order.placing.IdempotencyKey;
import com.example.order.placing.Money;
import com.example.order.placing.NewOrder;
import com.example.order.placing.Order;
import com.example.order.placing.OrderLine;
import com.example.order.placing.Orders;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

import org.springframework.stereotype.Service;
import org.springframework.validation.annotation.Validated;

/**
 * Composes orders. A draft is a new order that may still be empty, has each article once
 * and obeys the rules of an order at every step; a change that would break one is refused
 * like the order would be. Each change makes another draft.
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
	NewOrder start(@Positive long userId) {
		return new NewOrder(userId, List.of());
	}

	/**
	 * Adds a line, or replaces the one with the same article.
	 * @throws com.example.order.placing.OrderRefusedException if the draft would break a
	 * rule or a limit
	 */
	NewOrder put(NewOrder draft, @Valid OrderLine line) {
		List<OrderLine> lines = new ArrayList<>(draft.lines());
		lines.replaceAll((old) -> old.sku().equals(line.sku()) ? line : old);
		if (!lines.contains(line)) {
			lines.add(line);
		}
		NewOrder changed = new NewOrder(draft.userId(), List.copyOf(lines));
		orders.check(changed);
		return changed;
	}

	/**
	 * Removes the line with an article, if there is one.
	 */
	NewOrder remove(NewOrder draft, String sku) {
		return new NewOrder(draft.userId(), draft.lines().stream().filter((line) -> !line.sku().equals(sku)).toList());
	}

	/**
	 * Returns the price of all lines, if there are any.
	 */
	Optional<Money> total(NewOrder draft) {
		return draft.lines().isEmpty() ? Optional.empty() : Optional.of(draft.total());
	}

	/**
	 * Places the draft as {@link Orders#place} does.
	 */
	Order place(NewOrder draft, @IdempotencyKey String idempotencyKey) {
		return orders.place(idempotencyKey, draft).order();
	}

}
