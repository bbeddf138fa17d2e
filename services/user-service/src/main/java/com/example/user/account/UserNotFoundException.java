package com.example.user.account;

/**
 * Thrown when no user has the given id.
 */
final class UserNotFoundException extends RuntimeException {

	UserNotFoundException(long id) {
		super("no user has the id " + id);
	}

}
