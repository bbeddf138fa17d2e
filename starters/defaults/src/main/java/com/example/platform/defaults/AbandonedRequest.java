package com.example.platform.defaults;

/**
 * How an HTTP server that notices that a caller has hung up tells what handles its
 * request.
 */
public final class AbandonedRequest {

	/**
	 * Name of the request attribute that holds a {@link Runnable}, which ends what is
	 * under way for the request. It may be run by any thread.
	 */
	public static final String ATTRIBUTE = AbandonedRequest.class.getName();

	private AbandonedRequest() {
	}

}
