package com.example.benchmarks.edge;

import java.util.Locale;

/**
 * Who takes wrk's requests.
 */
enum Contender {

	/**
	 * One of the servers behind the gateways: what wrk and the servers can do at most.
	 */
	DIRECT,

	/** nginx as a reverse proxy. */
	NGINX,

	/** Spring Cloud Gateway as it comes, with Consul discovery and Prometheus metrics. */
	BARE,

	/** The gateway as it comes. */
	OURS,

	/** The gateway with all that can be switched on. */
	OURS_ALL_ON;

	boolean isJvm() {
		return this != DIRECT && this != NGINX;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
