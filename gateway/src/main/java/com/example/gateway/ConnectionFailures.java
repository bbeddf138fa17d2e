package com.example.gateway;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;

/**
 * Tells failures to connect from others. What failed to connect was never sent.
 */
final class ConnectionFailures {

	private ConnectionFailures() {
	}

	static boolean isNotConnected(Throwable failure) {
		return failure instanceof ConnectException || failure instanceof NoRouteToHostException
				|| failure instanceof UnknownHostException;
	}

}
