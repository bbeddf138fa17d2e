package com.example.order.placing;

/**
 * Where an order stands.
 */
public enum OrderStatus {

	PLACED, CANCELLED

}
