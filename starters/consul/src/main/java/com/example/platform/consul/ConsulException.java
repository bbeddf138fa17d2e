package com.example.platform.consul;

/**
 * The Consul agent refused a request; the message holds the request, the status and the
 * agent's reason.
 */
public final class ConsulException extends RuntimeException {

	private final int status;

	ConsulException(int status, String message) {
		super(message);
		this.status = status;
	}

	/**
	 * Tells whether the agent cannot do anything at present, for example because it knows
	 * no leader or is asked too often, as opposed to refusing what was asked.
	 * @return whether the same request may succeed later
	 */
	public boolean isTemporary() {
		return status >= 500 || status == 429;
	}

}
