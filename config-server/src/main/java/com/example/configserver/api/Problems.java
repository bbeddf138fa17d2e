package com.example.configserver.api;

import com.example.configserver.release.RefusedRequestException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers refused requests by RFC 9457 problem details.
 */
@RestControllerAdvice(assignableTypes = { HistoryController.class, ReleaseController.class })
final class Problems {

	@ExceptionHandler
	ProblemDetail refused(RefusedRequestException ex) {
		return ProblemDetail.forStatusAndDetail(ex.isUnknown() ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT,
				String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler({ IllegalArgumentException.class, IllegalStateException.class })
	ProblemDetail wrong(RuntimeException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
	}

}
