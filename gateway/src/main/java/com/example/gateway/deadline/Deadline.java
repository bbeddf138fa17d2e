package com.example.gateway.deadline;

import java.time.Duration;

import com.example.gateway.problem.RefusedException;
import com.example.gateway.request.RequestBody;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * When a request must be answered.
 *
 * @param nanoTime the time by {@link System#nanoTime()}
 * @param chosenByCaller whether the caller chose it, and not the route
 */
public record Deadline(long nanoTime, boolean chosenByCaller) {

	/**
	 * Place of the filter that sets it. Behind come, one by one, what holds the body,
	 * what admits the request and what repeats it.
	 */
	public static final int ORDER = RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER - 4;

	/**
	 * Name of the attribute of an exchange that holds its deadline.
	 */
	public static final String ATTRIBUTE = Deadline.class.getName();

	static Deadline after(Duration time, boolean chosenByCaller) {
		return new Deadline(System.nanoTime() + time.toNanos(), chosenByCaller);
	}

	/**
	 * Returns the time that is left.
	 * @return negative when it is over
	 */
	public Duration timeLeft() {
		return Duration.ofNanos(nanoTime - System.nanoTime());
	}

	/**
	 * Ends work at the deadline, or does not even begin it, unless the answer has begun
	 * by then: a WebSocket may stay open.
	 * @param work what to end
	 * @param exchange the request
	 * @return the work, or the failure 504, or 408 if it is the client's own body that
	 * has not arrived
	 */
	Mono<Void> enforce(Mono<Void> work, ServerWebExchange exchange) {
		Duration timeLeft = timeLeft();
		Mono<Void> tooLate = Mono.error(() -> failure(exchange));
		if (timeLeft.isNegative() || timeLeft.isZero()) {
			return tooLate;
		}
		Mono<Long> unanswered = Mono.delay(timeLeft)
			// Where the answer begins, so that it cannot begin in between.
			.publishOn(CancellationFilter.scheduler(exchange))
			.filter((tick) -> !exchange.getResponse().isCommitted())
			.switchIfEmpty(Mono.never());
		return work.timeout(unanswered, tooLate);
	}

	/**
	 * Returns how to answer when the time is over.
	 * @param exchange the request
	 * @return 504, or 408 if it is the client's own body that has not arrived
	 */
	public ErrorResponseException failure(ServerWebExchange exchange) {
		return RequestBody.isAwaited(exchange)
				? new RefusedException(HttpStatus.REQUEST_TIMEOUT, "body", "did not arrive in time")
				: new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT);
	}

}
