package com.example.order.placing;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Orders over REST.
 */
@Tag(name = "Orders")
@RestController
@RequestMapping(path = "/api/orders", produces = MediaType.APPLICATION_JSON_VALUE)
class OrderController {

	private final Orders orders;

	private final Supplier<OrderLimits> limits;

	OrderController(Orders orders, Supplier<OrderLimits> limits) {
		this.orders = orders;
		this.limits = limits;
	}

	@Operation(summary = "Place an order", description = """
			201 with the new order, or 200 with the first order if the key was used before with the same content. \
			409 if the key was used with other content, 422 if the user may not order or a limit is exceeded, \
			503 if the user cannot be checked; nothing is written then, repeat with the same key.""")
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Order> place(@RequestHeader("Idempotency-Key") @IdempotencyKey String key,
			@Valid @RequestBody NewOrder newOrder) {
		Placement placement = orders.place(key, newOrder);
		Order order = placement.order();
		return placement.created() ? ResponseEntity.created(URI.create("/api/orders/" + order.id())).body(order)
				: ResponseEntity.ok(order);
	}

	@Operation(summary = "Read an order", description = "404 if no order has this id.")
	@GetMapping("/{orderId}")
	Order get(@PathVariable UUID orderId) {
		return orders.get(orderId);
	}

	@Operation(summary = "List a user's orders",
			description = "The latest first. Follow next until it is absent to see them all.")
	@GetMapping
	Page list(@RequestParam @Positive long userId, @RequestParam(required = false) @Nullable UUID after,
			@RequestParam(defaultValue = "20") @Min(1) @Max(100) int size) {
		List<Order> found = orders.list(userId, after, size + 1);
		if (found.size() <= size) {
			return new Page(found, null);
		}
		List<Order> items = found.subList(0, size);
		URI next = UriComponentsBuilder.fromPath("/api/orders")
			.queryParam("userId", userId)
			.queryParam("after", items.get(size - 1).id())
			.queryParam("size", size)
			.build()
			.toUri();
		return new Page(items, next);
	}

	@Operation(summary = "Cancel an order",
			description = "Idempotent: a cancelled order stays as it is. 404 if no order has this id.")
	@PostMapping("/{orderId}/cancellation")
	Order cancel(@PathVariable UUID orderId) {
		return orders.cancel(orderId);
	}

	@Operation(summary = "Read the limits", description = "Values of the live configuration, keys orders.limits.*.")
	@GetMapping("/limits")
	OrderLimits limits() {
		return limits.get();
	}

	/**
	 * Some orders, and where the next ones are; without next these are the last.
	 */
	record Page(List<Order> items, @Nullable URI next) {
	}

}
