package com.example.benchmarks.propagation;

import java.util.List;

/**
 * One of the two ways to register and to follow instances.
 */
enum Side {

	/**
	 * The starters, for gRPC.
	 */
	STARTERS("starters", "starters", StarterCaller.class) {

		@Override
		List<String> classPath() {
			return ClassPath.whole();
		}

		@Override
		int calledPort(int httpPort, int grpcPort) {
			return grpcPort;
		}

		@Override
		boolean isStarted(int status) {
			return status == 503;
		}

		@Override
		boolean isRegistered(int status) {
			return status == 200;
		}

		@Override
		boolean hasLeft(int status) {
			return status == 503 || status == 404;
		}

	},

	/**
	 * Spring Cloud Consul and Spring Cloud LoadBalancer with their defaults, for HTTP.
	 * Their callers do not look at checks.
	 */
	SPRING_CLOUD("spring-cloud", "Spring Cloud Consul", SpringCloudCaller.class) {

		@Override
		List<String> classPath() {
			return ClassPath.withoutStarters();
		}

		@Override
		int calledPort(int httpPort, int grpcPort) {
			return httpPort;
		}

		@Override
		boolean isStarted(int status) {
			return true;
		}

		@Override
		boolean isRegistered(int status) {
			return status != 404;
		}

		@Override
		boolean hasLeft(int status) {
			return status == 404;
		}

	};

	private final String label;

	private final String title;

	private final Class<?> caller;

	Side(String label, String title, Class<?> caller) {
		this.label = label;
		this.title = title;
		this.caller = caller;
	}

	/** Where the classes of this side's processes come from. */
	abstract List<String> classPath();

	/** Which of an instance's ports this side's caller calls. */
	abstract int calledPort(int httpPort, int grpcPort);

	/**
	 * Whether an instance has started as far as it can before it may be ready, by the
	 * HTTP status that the agent answers with: 200 passing, 429 warning, 503 critical,
	 * 404 unknown.
	 */
	abstract boolean isStarted(int status);

	/**
	 * Whether this side's callers are to call an instance now, likewise.
	 */
	abstract boolean isRegistered(int status);

	/** Whether they are to call it no more, likewise. */
	abstract boolean hasLeft(int status);

	/** The name of the service, and what ids of instances begin with. */
	String label() {
		return label;
	}

	/** The name in the table. */
	String title() {
		return title;
	}

	Class<?> caller() {
		return caller;
	}

}
