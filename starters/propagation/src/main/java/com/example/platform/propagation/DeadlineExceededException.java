package com.example.platform.propagation;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown when there is no time left to do what a request asks for. Nothing has been begun
 * then; over HTTP it is a 504.
 */
public final class DeadlineExceededException extends ErrorResponseException {

	/**
	 * Creates the exception.
	 */
	public DeadlineExceededException() {
		super(HttpStatus.GATEWAY_TIMEOUT,
				ProblemDetail.forStatusAndDetail(HttpStatus.GATEWAY_TIMEOUT, "No time is left to answer the request"),
				null);
	}

}
