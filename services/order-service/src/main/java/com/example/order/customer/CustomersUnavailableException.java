package com.example.order.customer;

/**
 * Thrown when nobody can say now who may order. It may be asked again.
 */
public final class CustomersUnavailableException extends RuntimeException {

	public CustomersUnavailableException(Throwable cause) {
		super("Users cannot be checked now; try again", cause);
	}

}
