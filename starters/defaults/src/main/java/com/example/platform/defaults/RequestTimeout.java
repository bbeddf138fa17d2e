package com.example.platform.defaults;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How much time is left to answer an HTTP request, as the header {@value #HEADER} says
 * it: a whole number of milliseconds, counted from when the request arrives. It is a
 * duration and not a point in time, because clocks differ. What gRPC sends as
 * {@code grpc-timeout} is the same.
 */
public final class RequestTimeout {

	/**
	 * Name of the header.
	 */
	public static final String HEADER = "X-Request-Timeout";

	// Up to eleven days.
	private static final Pattern ACCEPTED = Pattern.compile("\\d{1,9}");

	private RequestTimeout() {
	}

	/**
	 * Reads a header.
	 * @param value what the caller sent, {@code null} for nothing
	 * @return the time that is left, possibly none; empty when the header is absent or
	 * not well-formed, which counts as absent
	 */
	public static Optional<Duration> parse(@Nullable String value) {
		return (value != null && ACCEPTED.matcher(value).matches())
				? Optional.of(Duration.ofMillis(Long.parseLong(value))) : Optional.empty();
	}

	/**
	 * Writes a header.
	 * @param timeLeft the time that is left
	 * @return its whole milliseconds, 0 when it is over
	 */
	public static String format(Duration timeLeft) {
		return Long.toString(Math.max(0, timeLeft.toMillis()));
	}

}
