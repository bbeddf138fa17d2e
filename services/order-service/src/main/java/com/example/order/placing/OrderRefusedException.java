package com.example.order.placing;

/**
 * Thrown when something asked of an order is refused. The message says why, for the
 * person who asked.
 */
public final class OrderRefusedException extends RuntimeException {

	private final Reason reason;

	private final String field;

	public OrderRefusedException(Reason reason, String field, String message) {
		super(message);
		this.reason = reason;
		this.field = field;
	}

	public Reason reason() {
		return reason;
	}

	/**
	 * Returns what is to blame, as a path in camel case: {@code lines[0].quantity}.
	 */
	public String field() {
		return field;
	}

	/**
	 * Returns the same of a part of something larger.
	 * @param path where the part stands, with the dot behind it
	 */
	OrderRefusedException at(String path) {
		return new OrderRefusedException(reason, path + field, getMessage());
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	/**
	 * Why something is refused.
	 */
	public enum Reason {

		/** It makes no sense, now or later. */
		INVALID,

		/** No such order exists. */
		NOT_FOUND,

		/** It is more than the configuration allows at present. */
		LIMIT_EXCEEDED,

		/** The user is unknown or may not order. */
		NOT_ELIGIBLE,

		/** The order does not wait to be paid any more. */
		NOT_OPEN,

		/** The idempotency key stands for an order with other content. */
		KEY_REUSED

	}

}
