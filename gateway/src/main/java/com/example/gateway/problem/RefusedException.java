package com.example.gateway.problem;

import java.util.List;
import java.util.Map;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * A request that the gateway refuses because of one part of it.
 */
public final class RefusedException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	/**
	 * Refuses a request.
	 * @param status what kind of mistake it is
	 * @param field the part: {@code path}, {@code method}, {@code body} or a header
	 * @param reason what is wrong with it, for the caller
	 */
	public RefusedException(HttpStatus status, String field, String reason) {
		super(status);
		setDetail(field + ": " + reason);
		// The same member as in a service's answer to bad input.
		getBody().setProperty("errors", List.of(Map.of("field", field, "reason", reason)));
	}

}
