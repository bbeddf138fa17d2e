package com.example.order.placing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.google.protobuf.Timestamp;

import static com.example.order.placing.OrderRefusedException.Reason.NOT_FOUND;

/**
 * Orders in the terms of the contract, {@code order/v1/order.proto}.
 */
public final class GrpcOrders {

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

	public static OrderLine line(com.example.contracts.order.v1.OrderLine line) {
		return new OrderLine(line.getSku(), line.getQuantity(),
				new Money(line.getUnitPrice().getMinorUnits(), line.getUnitPrice().getCurrency()));
	}

	public static com.example.contracts.order.v1.Order message(Order order) {
		com.example.contracts.order.v1.Order.Builder message = com.example.contracts.order.v1.Order.newBuilder()
			.setId(order.id().toString())
			.setUserId(order.userId())
			.setStatus(switch (order.status()) {
				case PLACED -> com.example.contracts.order.v1.OrderStatus.ORDER_STATUS_PLACED;
				case PAID -> com.example.contracts.order.v1.OrderStatus.ORDER_STATUS_PAID;
				case EXPIRED -> com.example.contracts.order.v1.OrderStatus.ORDER_STATUS_EXPIRED;
				case CANCELLED -> com.example.contracts.order.v1.OrderStatus.ORDER_STATUS_CANCELLED;
			})
			.addAllLines(messages(order.lines()))
			.setTotal(message(order.total()))
			.setPlacedAt(message(order.placedAt()))
			.setCustomerUnverified(order.customerUnverified());
		if (order.paidAt() != null) {
			message.setPaidAt(message(order.paidAt()));
		}
		if (order.cancelledAt() != null) {
			message.setCancelledAt(message(order.cancelledAt()));
		}
		return message.build();
	}

	public static List<com.example.contracts.order.v1.OrderLine> messages(List<OrderLine> lines) {
		return lines.stream()
			.map((line) -> com.example.contracts.order.v1.OrderLine.newBuilder()
				.setSku(line.sku())
				.setQuantity(line.quantity())
				.setUnitPrice(message(line.unitPrice()))
				.build())
			.toList();
	}

	public static com.example.contracts.order.v1.Money message(Money money) {
		return com.example.contracts.order.v1.Money.newBuilder()
			.setMinorUnits(money.minorUnits())
			.setCurrency(money.currency())
			.build();
	}

	public static Timestamp message(Instant instant) {
		return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()).build();
	}

}
