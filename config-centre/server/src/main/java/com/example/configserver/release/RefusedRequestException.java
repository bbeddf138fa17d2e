package com.example.configserver.release;

/**
 * What somebody asked for cannot be done. The message says why and what to do.
 */
public final class RefusedRequestException extends RuntimeException {

	private final Reason reason;

	private RefusedRequestException(String message, Reason reason) {
		super(message);
		this.reason = reason;
	}

	static RefusedRequestException unknown(String message) {
		return new RefusedRequestException(message, Reason.UNKNOWN);
	}

	static RefusedRequestException conflict(String message) {
		return new RefusedRequestException(message, Reason.CONFLICT);
	}

	/**
	 * Makes one for what the server cannot do at present, whoever asks.
	 * @param message why and what to do
	 * @return the exception
	 */
	public static RefusedRequestException unavailable(String message) {
		return new RefusedRequestException(message, Reason.UNAVAILABLE);
	}

	/**
	 * Returns why it cannot be done.
	 * @return what kind of reason it is
	 */
	public Reason reason() {
		return reason;
	}

	/**
	 * What kinds of reasons there are.
	 */
	public enum Reason {

		/** The request names something that does not exist. */
		UNKNOWN,

		/** The present state forbids it. */
		CONFLICT,

		/** The server, or what it needs, is not able to do it now. */
		UNAVAILABLE

	}

}
