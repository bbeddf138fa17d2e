package com.example.platform.web;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers 503 with {@code Retry-After} while a database cannot be reached, and 504 when
 * the time for a request is over before the database is done.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class UnavailableDataAdvice {

	private static final Log logger = LogFactory.getLog(UnavailableDataAdvice.class);

	@ExceptionHandler
	ResponseEntity<ProblemDetail> tooLate(QueryTimeoutException ex) {
		logger.debug("The time is over", ex);
		return ResponseEntity.of(ProblemDetail.forStatusAndDetail(HttpStatus.GATEWAY_TIMEOUT,
				"The database did not answer in time. Whether it did the work is unknown."))
			.build();
	}

	@ExceptionHandler({ DataAccessResourceFailureException.class, TransientDataAccessException.class,
			CannotCreateTransactionException.class, TransactionSystemException.class })
	ResponseEntity<ProblemDetail> unavailable(RuntimeException ex) {
		if (ex.getCause() instanceof QueryTimeoutException late) {
			return tooLate(late);
		}
		logger.warn("The database cannot be used: " + ex.getMessage());
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The database cannot be used at the moment; try again");
		return ResponseEntity.of(problem).header(HttpHeaders.RETRY_AFTER, "1").build();
	}

}
