package com.example.platform.grpc.client;

/**
 * How many calls may be sent twice: each call puts a part of a token in, each that is
 * sent again takes a whole one out. Thread-safe.
 */
final class TokenBucket {

	private double tokens = Double.MAX_VALUE;

	/**
	 * Counts a call.
	 * @param ratio part of a token to put in
	 * @param most how many tokens there may be
	 */
	synchronized void deposit(double ratio, int most) {
		tokens = Math.min(most, tokens + ratio);
	}

	/**
	 * Takes a token out.
	 * @return whether there was one
	 */
	synchronized boolean withdraw() {
		if (tokens < 1) {
			return false;
		}
		tokens--;
		return true;
	}

}
