package com.example.launcher.scaffold;

import java.util.Locale;

/**
 * What a service may have.
 */
public enum Capability {

	/** A REST API behind the gateway. */
	REST,

	/** Calls from other services. */
	GRPC,

	/** A database of its own. */
	DATABASE,

	/** Jobs that run once in the cluster; needs a database. */
	JOBS,

	/** Calls to another service, over gRPC. */
	CLIENT;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
