package com.example.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.example.contracts.order.v1.ComposeOrderResponse;
import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.order.composing.OrderDraft;
import com.example.order.placing.Money;
import com.example.order.placing.Order;
import com.example.order.placing.OrderLine;
import com.example.order.placing.OrderRefusedException;
import com.example.order.placing.OrderStatus;
import com.example.order.watching.OrderEvent;
import com.google.protobuf.Timestamp;

import static com.example.order.placing.OrderRefusedException.Reason.NOT_FOUND;

/**
 * Orders in the terms of the contract.
 */
final class GrpcOrders {

	private GrpcOrders() {
	}

	/**
	 * Reads an order's id. What is not a UUID is the id of no order.
	 */
	static UUID id(String orderId) {
		try {
			return UUID.fromString(orderId);
		}
		catch (IllegalArgumentException ex) {
			throw new OrderRefusedException(NOT_FOUND, "orderId", "is not the id of an order");
		}
	}

	static List<OrderLine> lines(List<com.example.contracts.order.v1.OrderLine> lines) {
		return lines.stream().map(GrpcOrders::line).toList();
	}

	static OrderLine line(com.example.contracts.order.v1.OrderLine line) {
		return new OrderLine(line.getSku(), line.getQuantity(),
				new Money(line.getUnitPrice().getMinorUnits(), line.getUnitPrice().getCurrency()));
	}

	static com.example.contracts.order.v1.Order message(Order order) {
		com.example.contracts.order.v1.Order.Builder message = com.example.contracts.order.v1.Order.newBuilder()
			.setId(order.id().toString())
			.setUserId(order.userId())
			.setStatus(switch (order.status()) {
				case PLACED -> com.example.contracts.order.v1.OrderStatus.ORDER_STATUS_PLACED;
				case CANCELLED -> com.example.contracts.order.v1.OrderStatus.ORDER_STATUS_CANCELLED;
			})
			.addAllLines(messages(order.lines()))
			.setTotal(message(order.total()))
			.setPlacedAt(message(order.placedAt()));
		if (order.cancelledAt() != null) {
			message.setCancelledAt(message(order.cancelledAt()));
		}
		return message.build();
	}

	static WatchOrdersResponse message(OrderEvent event) {
		return WatchOrdersResponse.newBuilder()
			.setEvent((event.status() == OrderStatus.PLACED) ? WatchOrdersResponse.Event.EVENT_PLACED
					: WatchOrdersResponse.Event.EVENT_CANCELLED)
			.setOrder(message(event.order()))
			.setCursor(event.cursor().toString())
			.setOccurredAt(message(event.occurredAt()))
			.build();
	}

	static ComposeOrderResponse.Draft message(OrderDraft draft) {
		ComposeOrderResponse.Draft.Builder message = ComposeOrderResponse.Draft.newBuilder()
			.setUserId(draft.userId())
			.addAllLines(messages(draft.lines()));
		draft.total().ifPresent((total) -> message.setTotal(message(total)));
		return message.build();
	}

	private static List<com.example.contracts.order.v1.OrderLine> messages(List<OrderLine> lines) {
		return lines.stream()
			.map((line) -> com.example.contracts.order.v1.OrderLine.newBuilder()
				.setSku(line.sku())
				.setQuantity(line.quantity())
				.setUnitPrice(message(line.unitPrice()))
				.build())
			.toList();
	}

	private static com.example.contracts.order.v1.Money message(Money money) {
		return com.example.contracts.order.v1.Money.newBuilder()
			.setMinorUnits(money.minorUnits())
			.setCurrency(money.currency())
			.build();
	}

	private static Timestamp message(Instant instant) {
		return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()).build();
	}

}
