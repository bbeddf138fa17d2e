package com.example.order.placing;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import com.example.order.customer.Customers;
import com.example.order.customer.CustomersUnavailableException;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;
import org.springframework.validation.annotation.Validated;

import static com.example.order.placing.OrderRefusedException.Reason.KEY_REUSED;
import static com.example.order.placing.OrderRefusedException.Reason.NOT_ELIGIBLE;
import static com.example.order.placing.OrderRefusedException.Reason.NOT_FOUND;
import static com.example.order.placing.OrderRefusedException.Reason.NOT_OPEN;

/**
 * What can be done with orders, the same over REST and gRPC. Arguments that break a rule
 * are refused with a {@code ConstraintViolationException}.
 */
@Service
@Validated
public class Orders {

	private final OrderRepository orders;

	private final Customers customers;

	private final Supplier<OrderLimits> limits;

	private final Supplier<UnverifiedLimits> unverifiedLimits;

	Orders(OrderRepository orders, Customers customers, Supplier<OrderLimits> limits,
			Supplier<UnverifiedLimits> unverifiedLimits) {
		this.orders = orders;
		this.customers = customers;
		this.limits = limits;
		this.unverifiedLimits = unverifiedLimits;
	}

	/**
	 * Places an order, once for each key of a user however often it is repeated. Of
	 * several that place at the same moment, on whatever instance, one creates the order
	 * and the others return it. While nobody can say who may order, a user who was
	 * checked lately may go on up to a limit.
	 * @throws OrderRefusedException if the order breaks a rule or a limit, the user may
	 * not order, or the key stands for other content
	 * @throws CustomersUnavailableException if the user cannot be checked and is not such
	 * a one; nothing is written
	 */
	public Placement place(@IdempotencyKey String idempotencyKey, @Valid NewOrder newOrder) {
		// First, so that a repeat succeeds whatever became of the limits and the user.
		Optional<Order> first = orders.findByKey(newOrder.userId(), idempotencyKey);
		if (first.isPresent()) {
			return repeated(first.get(), newOrder);
		}
		check(newOrder);
		return insert(idempotencyKey, newOrder).map((order) -> new Placement(order, true))
			.orElseGet(() -> repeated(orders.findByKey(newOrder.userId(), idempotencyKey).orElseThrow(), newOrder));
	}

	private Optional<Order> insert(String idempotencyKey, NewOrder newOrder) {
		try {
			requireEligible(newOrder.userId());
		}
		catch (CustomersUnavailableException ex) {
			Optional<Order> unverified = ex.isCallerGone() ? Optional.empty()
					: orders.insertUnverified(idempotencyKey, newOrder, unverifiedLimits.get());
			if (unverified.isEmpty() && orders.findByKey(newOrder.userId(), idempotencyKey).isEmpty()) {
				throw ex;
			}
			return unverified;
		}
		return orders.insert(idempotencyKey, newOrder);
	}

	/**
	 * Checks an order against all rules that can be checked without asking anyone.
	 * @throws OrderRefusedException if it breaks one
	 */
	public void check(@Valid NewOrder order) {
		limits.get().check(order);
	}

	/**
	 * Returns an order.
	 * @throws OrderRefusedException if no order has this id
	 */
	Order get(UUID id) {
		return orders.find(id).orElseThrow(() -> notFound(id));
	}

	/**
	 * Returns those orders that exist, in any order.
	 */
	public List<Order> getAll(Collection<UUID> ids) {
		return orders.findAll(ids);
	}

	/**
	 * Returns a page of a user's orders, the latest first.
	 * @param after only orders placed before this one; {@code null} means from the latest
	 */
	List<Order> list(long userId, @Nullable UUID after, int size) {
		return orders.findByUser(userId, after, size);
	}

	/**
	 * Says that an order is paid; a paid order stays as it is.
	 * @throws OrderRefusedException if no order has this id, or it is cancelled or has
	 * expired
	 */
	Order pay(UUID id) {
		return end(id, OrderStatus.PAID);
	}

	/**
	 * Cancels an order; a cancelled order stays as it is.
	 * @throws OrderRefusedException if no order has this id, or it is paid or has expired
	 */
	Order cancel(UUID id) {
		return end(id, OrderStatus.CANCELLED);
	}

	private Order end(UUID id, OrderStatus status) {
		Order order = orders.end(id, status).orElseThrow(() -> notFound(id));
		if (order.status() != status) {
			throw new OrderRefusedException(NOT_OPEN, "orderId", "the order is "
					+ order.status().name().toLowerCase(Locale.ROOT) + ", and no longer waits to be paid");
		}
		return order;
	}

	/**
	 * Expires orders that were not paid in time.
	 * @param dueWithin how long an order waits to be paid
	 * @param most how many orders at most
	 * @return how many have expired
	 */
	public int expireUnpaid(Duration dueWithin, int most) {
		return orders.expire(dueWithin, most);
	}

	/**
	 * Forgets idempotency keys of old orders: each can be used for another order then.
	 * @param age how old the orders are
	 * @param most how many keys at most
	 * @return how many are forgotten
	 */
	public int forgetKeys(Duration age, int most) {
		return orders.forgetKeys(age, most);
	}

	private void requireEligible(long userId) {
		switch (customers.eligibility(userId)) {
			case ELIGIBLE -> {
			}
			case UNKNOWN_USER ->
				throw new OrderRefusedException(NOT_ELIGIBLE, "userId", "no user has the id " + userId);
			case BLOCKED -> throw new OrderRefusedException(NOT_ELIGIBLE, "userId", "user " + userId + " is blocked");
		}
	}

	private static Placement repeated(Order first, NewOrder again) {
		if (!first.hasContentOf(again)) {
			throw new OrderRefusedException(KEY_REUSED, "idempotencyKey", "was used for another order");
		}
		return new Placement(first, false);
	}

	private static OrderRefusedException notFound(UUID id) {
		return new OrderRefusedException(NOT_FOUND, "orderId", "no order has the id " + id);
	}

}
