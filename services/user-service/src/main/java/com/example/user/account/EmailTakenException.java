package com.example.user.account;

/**
 * Thrown when an e-mail address belongs to another user.
 */
final class EmailTakenException extends RuntimeException {

	EmailTakenException(String email) {
		super(email + " is taken");
	}

}
