package com.example.launcher.load;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * @param status status of the answer; 0 if there was none
 * @param failure why there was none; {@code null} if there was one
 * @param instance the instance that says it has answered, by the header
 * {@value #INSTANCE_HEADER}
 * @param body the begin of the answer's body, at most {@value #MOST_BODY} bytes
 * @param due when the request was due, as {@link System#nanoTime()} tells
 * @param late how much later it was sent
 * @param time how long after it was due the answer was complete, or failed
 */
public record Answer(int status, @Nullable Failure failure, @Nullable String instance, String body, long due,
		Duration late, Duration time) {

	static final String INSTANCE_HEADER = "X-Instance-Id";

	static final int MOST_BODY = 16_384;

	/** Whether it succeeded: a status of 200 to 399. */
	public boolean isOk() {
		return status >= 200 && status < 400;
	}

	/** Whether it was refused for lack of room, by 429 or 503. */
	public boolean isRefused() {
		return status == 429 || status == 503;
	}

	/** Status, or failure. */
	public String outcome() {
		return (failure != null) ? failure.toString() : Integer.toString(status);
	}

	/**
	 * Why there was no answer.
	 */
	public enum Failure {

		/** The server could not be connected to. */
		NO_CONNECTION("no connection"),

		/** The connection ended before the answer was complete. */
		CONNECTION_LOST("connection lost"),

		/** There was no complete answer in time. */
		TIMEOUT("timeout"),

		/** What came was not HTTP. */
		NOT_HTTP("not HTTP");

		private final String text;

		Failure(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return text;
		}

	}

}
