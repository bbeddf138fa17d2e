package com.example.platform.defaults;

import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The id of one request, chosen by the caller or by the first of our processes that the
 * request meets. It travels as the HTTP header {@value #HEADER}, between services as
 * tracing baggage of the same name, and stands in every log line.
 */
public final class RequestId {

	/**
	 * Name of the header.
	 */
	public static final String HEADER = "X-Request-Id";

	/**
	 * Name of the response header that says which instance answered.
	 */
	public static final String INSTANCE_HEADER = "X-Instance-Id";

	private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private RequestId() {
	}

	/**
	 * Returns the caller's id if it is fit for logs and headers, else a new one.
	 * @param fromCaller what the caller sent, {@code null} for nothing
	 * @return 1 to 64 letters, digits, dots, underscores and hyphens
	 */
	public static String acceptOrCreate(@Nullable String fromCaller) {
		return (fromCaller != null && ACCEPTED.matcher(fromCaller).matches()) ? fromCaller
				: UUID.randomUUID().toString();
	}

}
