package com.example.order.placing;

/**
 * Where an order stands.
 */
public enum OrderStatus {

	/** It waits to be paid. */
	PLACED,

	/** It is paid. */
	PAID,

	/** The user does not want it any more. */
	CANCELLED,

	/** It was not paid in time. */
	EXPIRED

}
