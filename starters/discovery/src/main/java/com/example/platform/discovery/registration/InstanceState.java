package com.example.platform.discovery.registration;

/**
 * Where an instance is in its life, as its lifecycle check in Consul says.
 */
public enum InstanceState {

	/**
	 * Its servers run, it is not ready yet.
	 */
	STARTING("critical"),

	/**
	 * It is ready for calls.
	 */
	PASSING("passing"),

	/**
	 * It is ready for calls, though something that it uses is down.
	 */
	WARNING("warning"),

	/**
	 * It takes no new calls and finishes those in flight.
	 */
	DRAINING("critical"),

	/**
	 * It has left the registry.
	 */
	GONE("critical");

	private final String checkStatus;

	InstanceState(String checkStatus) {
		this.checkStatus = checkStatus;
	}

	String checkStatus() {
		return checkStatus;
	}

	boolean takesCalls() {
		return this == PASSING || this == WARNING;
	}

}
