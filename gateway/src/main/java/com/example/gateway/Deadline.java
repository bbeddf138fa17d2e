package com.example.gateway;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * When a request must be answered.
 *
 * @param nanoTime the time by {@link System#nanoTime()}
 * @param chosenByCaller whether the caller chose it, and not the route
 */
record Deadline(long nanoTime, boolean chosenByCaller) {

	/**
	 * Name of the attribute of an exchange that holds its deadline.
	 */
	static final String ATTRIBUTE = Deadline.class.getName();

	static Deadline after(Duration time, boolean chosenByCaller) {
		return new Deadline(System.nanoTime() + time.toNanos(), chosenByCaller);
	}

	Duration timeLeft() {
		return Duration.ofNanos(nanoTime - System.nanoTime());
	}

	/**
	 * Ends work at the deadline, or does not even begin it.
	 * @param work what to end
	 * @return the work, or the failure 504
	 */
	Mono<Void> enforce(Mono<Void> work) {
		Duration timeLeft = timeLeft();
		Mono<Void> tooLate = Mono.error(() -> new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT));
		return (timeLeft.isNegative() || timeLeft.isZero()) ? tooLate : work.timeout(timeLeft, tooLate);
	}

}
