package com.example.gateway.request;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A request that the gateway refuses because of one part of it.
 */
public final class RefusedException extends ResponseStatusException {

	private static final long serialVersionUID = 1L;

	private final String field;

	/**
	 * Refuses a request.
	 * @param status what kind of mistake it is
	 * @param field the part: {@code path}, {@code method}, {@code body} or a header
	 * @param reason what is wrong with it, for the caller
	 */
	public RefusedException(HttpStatus status, String field, String reason) {
		super(status, reason);
		this.field = field;
	}

	/**
	 * Returns what is at fault.
	 * @return the name of a field, a header or a part of the request
	 */
	public String field() {
		return field;
	}

}
