package com.example.platform.defaults;

/**
 * The order in which interceptors see the calls that a process makes over gRPC. The first
 * is the outermost: it sees a call once, and what the others make of it not at all. Those
 * without an order, such as what measures calls, come last and see each attempt.
 */
public final class ClientCallOrder {

	/** Refuses a call that is not worth making: bulkhead and circuit breaker. */
	public static final int GUARD = 100;

	/** Remembers of a call when it began and where it was sent. */
	public static final int PROGRESS = 200;

	/** Makes a second attempt of a call that takes long. */
	public static final int HEDGING = 300;

	private ClientCallOrder() {
	}

}
