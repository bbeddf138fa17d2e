package com.example.platform.discovery.registration;

import com.example.platform.consul.Check.Status;

/**
 * Where an instance is in its life, as its lifecycle check in Consul says.
 */
public enum InstanceState {

	/**
	 * Its servers run, it is not ready yet.
	 */
	STARTING(Status.CRITICAL),

	/**
	 * It is ready for calls.
	 */
	PASSING(Status.PASSING),

	/**
	 * It is ready for calls, though something that it uses is down.
	 */
	WARNING(Status.WARNING),

	/**
	 * It takes no new calls and finishes those in flight.
	 */
	DRAINING(Status.CRITICAL),

	/**
	 * It has left the registry.
	 */
	GONE(Status.CRITICAL);

	private final Status checkStatus;

	InstanceState(Status checkStatus) {
		this.checkStatus = checkStatus;
	}

	Status checkStatus() {
		return checkStatus;
	}

	boolean takesCalls() {
		return this == PASSING || this == WARNING;
	}

}
