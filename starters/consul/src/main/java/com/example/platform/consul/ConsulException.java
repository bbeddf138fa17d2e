package com.example.platform.consul;

/**
 * The Consul agent refused a request; the message holds the request, the status and the
 * agent's reason.
 */
public final class ConsulException extends RuntimeException {

	ConsulException(String message) {
		super(message);
	}

}
