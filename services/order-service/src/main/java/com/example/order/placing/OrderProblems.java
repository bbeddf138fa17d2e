package com.example.order.placing;

import com.example.order.customer.CustomersUnavailableException;
import com.example.platform.web.Problems;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * What REST answers when an order is refused.
 */
@RestControllerAdvice
class OrderProblems {

	@ExceptionHandler
	ProblemDetail refused(OrderRefusedException ex) {
		HttpStatus status = switch (ex.reason()) {
			case INVALID -> HttpStatus.BAD_REQUEST;
			case NOT_FOUND -> HttpStatus.NOT_FOUND;
			case LIMIT_EXCEEDED, NOT_ELIGIBLE -> HttpStatus.UNPROCESSABLE_CONTENT;
			case KEY_REUSED -> HttpStatus.CONFLICT;
		};
		return Problems.of(status, ex.field(), ex.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> unavailable(CustomersUnavailableException ex) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
		return ResponseEntity.of(problem).header(HttpHeaders.RETRY_AFTER, "1").build();
	}

}
