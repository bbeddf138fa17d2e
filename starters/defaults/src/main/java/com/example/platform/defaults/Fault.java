package com.example.platform.defaults;

import java.util.Locale;

/**
 * Whose fault it is that a request was not served: the one list of what an answer says
 * about the instance that gave it. Load balancing, the metrics and all that is made of
 * them (alerts, dashboards, verdicts on gray revisions) go by it.
 *
 * <p>
 * HTTP statuses are read as RFC 9110 has them, gRPC's as its documentation of status
 * codes, and both alike: 501 is {@code UNIMPLEMENTED}, 429 {@code RESOURCE_EXHAUSTED},
 * 503 {@code UNAVAILABLE}, 504 {@code DEADLINE_EXCEEDED}.
 */
public enum Fault {

	/**
	 * Nobody's: the request was served.
	 */
	NONE,

	/**
	 * The caller's: any instance would have answered the same, and did its part by it.
	 * Whoever must say "too many requests" says it of a caller; an instance that has too
	 * much to do is unavailable.
	 */
	CALLER,

	/**
	 * A third party's, such as a database or another service, or the time's that was left
	 * for it: says nothing about the instance.
	 */
	DEPENDENCY,

	/**
	 * The instance's own, as far as a caller can know.
	 */
	INSTANCE;

	/**
	 * The tag of metrics that says whose fault it was.
	 */
	public static final String TAG = "fault";

	/**
	 * Returns the value of the tag.
	 * @return the name in lower case
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Reads the value of the tag.
	 * @param tag what {@link #tag} returned
	 * @return the fault
	 */
	public static Fault ofTag(String tag) {
		return valueOf(tag.toUpperCase(Locale.ROOT));
	}

	/**
	 * Returns whose fault an HTTP answer is.
	 * @param status the status code
	 * @param retryAfter whether the answer has {@code Retry-After}: who knows that it
	 * will be over waits for somebody else
	 * @return the fault
	 */
	public static Fault ofHttp(int status, boolean retryAfter) {
		if (status < 400) {
			return NONE;
		}
		return switch (status) {
			// What is not implemented, or not for this request, whoever is asked.
			case 501, 505, 506, 508, 510 -> CALLER;
			case 502, 504, 511 -> DEPENDENCY;
			case 503 -> retryAfter ? DEPENDENCY : INSTANCE;
			default -> (status < 500) ? CALLER : INSTANCE;
		};
	}

	/**
	 * Returns whose fault the end of a gRPC call is.
	 * @param code the name of the status code that the server sent
	 * @param retryInfo whether {@code google.rpc.RetryInfo} or a pushback came with it,
	 * which is gRPC's {@code Retry-After}
	 * @return the fault
	 */
	public static Fault ofGrpc(String code, boolean retryInfo) {
		return switch (code) {
			case "OK" -> NONE;
			case "UNKNOWN", "INTERNAL", "DATA_LOSS" -> INSTANCE;
			case "UNAVAILABLE" -> retryInfo ? DEPENDENCY : INSTANCE;
			case "DEADLINE_EXCEEDED" -> DEPENDENCY;
			default -> CALLER;
		};
	}

}
