package com.example.order.summary;

/**
 * Orders in numbers.
 *
 * @param users how many users placed them
 * @param placed all of them
 * @param paid those that are paid
 * @param cancelled those that are cancelled
 * @param expired those that were not paid in time
 */
record OrderCounts(long users, long placed, long paid, long cancelled, long expired) {

	static final OrderCounts NONE = new OrderCounts(0, 0, 0, 0, 0);

	OrderCounts plus(OrderCounts other) {
		return new OrderCounts(users + other.users, placed + other.placed, paid + other.paid,
				cancelled + other.cancelled, expired + other.expired);
	}

}
