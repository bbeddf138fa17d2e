package com.example.platform.admission.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * A request that is refused because the process carries as much as it can. Nothing of it
 * has been done.
 */
public final class OverloadedException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	/**
	 * Refuses a request with 503 and {@code Retry-After}.
	 */
	public OverloadedException() {
		super(HttpStatus.SERVICE_UNAVAILABLE);
		setDetail("There is too much to do at the moment. The request was not processed; try again later.");
		getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
	}

	// It is part of normal work under load: nobody looks at where it came from.
	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
