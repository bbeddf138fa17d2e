package com.example.user.account;

/**
 * Whether a user may place orders.
 */
enum UserStatus {

	/** May sign in and place orders. */
	ACTIVE,

	/** Is known, but may not place orders. */
	BLOCKED

}
