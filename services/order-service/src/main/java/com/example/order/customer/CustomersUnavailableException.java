package com.example.order.customer;

/**
 * Thrown when nobody can say now who may order. It may be asked again.
 */
public final class CustomersUnavailableException extends RuntimeException {

	private final boolean callerGone;

	public CustomersUnavailableException(Throwable cause, boolean callerGone) {
		super("Users cannot be checked now; try again", cause);
		this.callerGone = callerGone;
	}

	/**
	 * Returns whether it was the caller of this service who did not wait for the answer,
	 * so that nothing need be done for it any more.
	 */
	public boolean isCallerGone() {
		return callerGone;
	}

}
