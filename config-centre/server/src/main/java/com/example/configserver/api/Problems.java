package com.example.configserver.api;

import java.util.stream.Collectors;

import com.example.configserver.release.RefusedRequestException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers refused requests by RFC 9457 problem details. Goes before Spring's own handler,
 * which does not say what is wrong with a request.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice(assignableTypes = { HistoryController.class, ReleaseController.class })
final class Problems {

	@ExceptionHandler
	ProblemDetail refused(RefusedRequestException ex) {
		return ProblemDetail.forStatusAndDetail(switch (ex.reason()) {
			case UNKNOWN -> HttpStatus.NOT_FOUND;
			case CONFLICT -> HttpStatus.CONFLICT;
			case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
		}, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail invalid(MethodArgumentNotValidException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				ex.getFieldErrors()
					.stream()
					.map((error) -> error.getField() + " " + error.getDefaultMessage())
					.sorted()
					.collect(Collectors.joining("; ")));
	}

	@ExceptionHandler
	ProblemDetail unreadable(HttpMessageNotReadableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				(ex.getCause() instanceof UnrecognizedPropertyException unknown)
						? unknown.getPropertyName() + " is unknown; known are " + unknown.getKnownPropertyIds()
						: "The body is not the JSON object that is documented for this path");
	}

}
