package com.example.order.customer;

/**
 * Those who place orders.
 */
public interface Customers {

	/**
	 * Tells whether someone may place orders. Blocks for at most the deadline of the
	 * channel; not to be called inside a database transaction.
	 * @param userId who is asked about
	 * @return whether the user exists and may order
	 * @throws CustomersUnavailableException if nobody can say now
	 */
	Eligibility eligibility(long userId);

	/**
	 * Whether someone exists and may place orders.
	 */
	enum Eligibility {

		ELIGIBLE, UNKNOWN_USER, BLOCKED

	}

}
