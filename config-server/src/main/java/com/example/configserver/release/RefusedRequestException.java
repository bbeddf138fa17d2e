package com.example.configserver.release;

/**
 * What somebody asked for cannot be done. The message says why and what to do.
 */
public final class RefusedRequestException extends RuntimeException {

	private final boolean unknown;

	private RefusedRequestException(String message, boolean unknown) {
		super(message);
		this.unknown = unknown;
	}

	static RefusedRequestException unknown(String message) {
		return new RefusedRequestException(message, true);
	}

	static RefusedRequestException conflict(String message) {
		return new RefusedRequestException(message, false);
	}

	/**
	 * Tells what is wrong with the request.
	 * @return whether it names something that does not exist; otherwise the present state
	 * forbids it
	 */
	public boolean isUnknown() {
		return unknown;
	}

}
