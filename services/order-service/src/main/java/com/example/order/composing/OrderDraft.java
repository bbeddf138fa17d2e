package com.example.order.composing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.example.order.placing.Money;
import com.example.order.placing.NewOrder;
import com.example.order.placing.OrderLine;

/**
 * An order that is being composed; immutable, each change makes another draft.
 *
 * @param userId who orders
 * @param lines what is to be ordered so far, each article once
 */
record OrderDraft(long userId, List<OrderLine> lines) {

	/**
	 * Returns the price of all lines, if there are any.
	 */
	Optional<Money> total() {
		return lines.isEmpty() ? Optional.empty() : Optional.of(order().total());
	}

	NewOrder order() {
		return new NewOrder(userId, lines);
	}

	OrderDraft with(OrderLine line) {
		List<OrderLine> changed = new ArrayList<>(lines);
		changed.replaceAll((old) -> old.sku().equals(line.sku()) ? line : old);
		if (!changed.contains(line)) {
			changed.add(line);
		}
		return new OrderDraft(userId, List.copyOf(changed));
	}

	OrderDraft without(String sku) {
		return new OrderDraft(userId, lines.stream().filter((line) -> !line.sku().equals(sku)).toList());
	}

}
