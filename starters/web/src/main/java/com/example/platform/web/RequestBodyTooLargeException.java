package com.example.platform.web;

import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown when a request body is larger than the service accepts.
 */
final class RequestBodyTooLargeException extends ErrorResponseException {

	RequestBodyTooLargeException(DataSize limit) {
		super(HttpStatus.CONTENT_TOO_LARGE, Problems.of(HttpStatus.CONTENT_TOO_LARGE, "body",
				"must not be larger than " + limit.toBytes() + " bytes"), null);
	}

}
