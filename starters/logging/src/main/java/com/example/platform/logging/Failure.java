package com.example.platform.logging;

import java.time.Instant;
import java.util.Map;

/**
 * Failures of one kind: those of one type at one place.
 *
 * @param type class of the exception that was the cause of all others; the level of a
 * line without an exception
 * @param place where it was thrown: the innermost line of the application's own code, or
 * else of any; the logger of a line without an exception
 * @param count how many there were
 * @param first time of the first
 * @param last time of the last
 * @param message what the last one logged, its beginning
 * @param context what the last one stood in: the ids of its request and its trace
 */
public record Failure(String type, String place, long count, Instant first, Instant last, String message,
		Map<String, String> context) {
}
