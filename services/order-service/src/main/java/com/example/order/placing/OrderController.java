package com.example.order.placing;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import com.example.order.customer.CustomersUnavailableException;
import com.example.platform.web.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
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
			Once for each key of a user, however often it is asked for. \
			503 means that nothing has been written; after it, or without any answer, repeat it with the same key. \
			While users cannot be checked, one who ordered lately may go on up to a limit; the order says so.""")
	@ApiResponse(responseCode = "201", description = "The new order.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "200", description = "The first order again: the key was used before for the same.",
			useReturnTypeSchema = true)
	@ApiResponse(responseCode = "409", description = "The key was used for another order.")
	@ApiResponse(responseCode = "422", description = "The user may not order, or a limit is exceeded.")
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Order> place(@RequestHeader("Idempotency-Key") @IdempotencyKey String key,
			@Valid @RequestBody NewOrder newOrder) {
		Placement placement = orders.place(key, newOrder);
		Order order = placement.order();
		return placement.created() ? ResponseEntity.created(URI.create("/api/orders/" + order.id())).body(order)
				: ResponseEntity.ok(order);
	}

	@Operation(summary = "Read an order")
	@ApiResponse(responseCode = "200", description = "The order.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "404", description = "No order has this id.")
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

	@Operation(summary = "Say that an order is paid", description = "Idempotent: a paid order stays as it is.")
	@ApiResponse(responseCode = "200", description = "The paid order.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "404", description = "No order has this id.")
	@ApiResponse(responseCode = "409", description = "The order is cancelled or has expired.")
	@PostMapping("/{orderId}/payment")
	Order pay(@PathVariable UUID orderId) {
		return orders.pay(orderId);
	}

	@Operation(summary = "Cancel an order", description = "Idempotent: a cancelled order stays as it is.")
	@ApiResponse(responseCode = "200", description = "The cancelled order.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "404", description = "No order has this id.")
	@ApiResponse(responseCode = "409", description = "The order is paid or has expired.")
	@PostMapping("/{orderId}/cancellation")
	Order cancel(@PathVariable UUID orderId) {
		return orders.cancel(orderId);
	}

	@Operation(summary = "Read the limits", description = "Values of the live configuration, keys orders.limits.*.")
	@GetMapping("/limits")
	OrderLimits limits() {
		return limits.get();
	}

	@ExceptionHandler
	ProblemDetail refused(OrderRefusedException ex) {
		HttpStatus status = switch (ex.reason()) {
			case INVALID -> HttpStatus.BAD_REQUEST;
			case NOT_FOUND -> HttpStatus.NOT_FOUND;
			case LIMIT_EXCEEDED, NOT_ELIGIBLE -> HttpStatus.UNPROCESSABLE_CONTENT;
			case KEY_REUSED, NOT_OPEN -> HttpStatus.CONFLICT;
		};
		return Problems.of(status, ex.field(), ex.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> unavailable(CustomersUnavailableException ex) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
		return ResponseEntity.of(problem).header(HttpHeaders.RETRY_AFTER, "1").build();
	}

	/**
	 * Some orders, and where the next ones are; without next these are the last.
	 */
	record Page(List<Order> items, @Nullable URI next) {
	}

}
