package com.example.platform.web;

import java.util.List;
import java.util.stream.Collectors;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Problem details (RFC 9457) in the format of the platform: an {@code errors} property
 * lists every bad field with a reason.
 */
public final class Problems {

	private Problems() {
	}

	/**
	 * Returns a problem with one bad field.
	 * @param status the status of the response
	 * @param field what is bad, see {@link FieldError#field()}
	 * @param reason what is wrong with it
	 * @return the problem
	 */
	public static ProblemDetail of(HttpStatusCode status, String field, String reason) {
		return of(status, List.of(new FieldError(field, reason)));
	}

	/**
	 * Returns a problem with several bad fields.
	 * @param status the status of the response
	 * @param errors the bad fields, at least one
	 * @return the problem
	 */
	public static ProblemDetail of(HttpStatusCode status, List<FieldError> errors) {
		String detail = errors.stream()
			.map((error) -> error.field() + ": " + error.reason())
			.collect(Collectors.joining("; "));
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setProperty("errors", errors);
		return problem;
	}

}
