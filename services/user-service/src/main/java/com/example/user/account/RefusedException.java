package com.example.user.account;

/**
 * Thrown when something asked of a user account is refused. The message says why, for the
 * person who asked.
 */
abstract sealed class RefusedException extends RuntimeException
		permits UserNotFoundException, EmailTakenException, ImportTooLongException {

	private final String reason;

	RefusedException(String reason) {
		super(reason);
		this.reason = reason;
	}

	@Override
	public String getMessage() {
		return reason;
	}

}
