package com.example.platform.logging.actuate;

import java.util.List;

import com.example.platform.logging.Failure;
import com.example.platform.logging.Failures;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Actuator endpoint {@code failures}: the warnings and errors of this process by kind,
 * the latest first.
 */
@Endpoint(id = "failures")
public final class FailuresEndpoint {

	private final Failures failures;

	/**
	 * Creates the endpoint.
	 * @param failures what it shows
	 */
	public FailuresEndpoint(Failures failures) {
		this.failures = failures;
	}

	/**
	 * Describes all kinds.
	 * @return the kinds
	 */
	@ReadOperation
	public List<Failure> failures() {
		return failures.list();
	}

}
