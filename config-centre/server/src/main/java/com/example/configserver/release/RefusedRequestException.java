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

	static RefusedRequestException noRevision(String name) {
		return new RefusedRequestException("There is no revision " + name + ". ./dev config history lists them.",
				Reason.UNKNOWN);
	}

	static RefusedRequestException conflict(String message) {
		return new RefusedRequestException(message, Reason.CONFLICT);
	}

	/** Makes one for what the server cannot do at present, whoever asks. */
	public static RefusedRequestException unavailable(String message) {
		return new RefusedRequestException(message, Reason.UNAVAILABLE);
	}

	public Reason reason() {
		return reason;
	}

	/** Why it cannot be done. */
	public enum Reason {

		/** The request names something that does not exist. */
		UNKNOWN,

		/** The present state forbids it. */
		CONFLICT,

		/** The server, or what it needs, is not able to do it now. */
		UNAVAILABLE

	}

}
