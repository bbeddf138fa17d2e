package com.example.order.customer;

/**
 * Whether someone exists and may place orders.
 */
public enum Eligibility {

	ELIGIBLE, UNKNOWN_USER, BLOCKED

}
