package com.example.user.account;

/**
 * Whether someone exists and may place orders.
 */
enum Eligibility {

	ELIGIBLE, UNKNOWN_USER, BLOCKED

}
