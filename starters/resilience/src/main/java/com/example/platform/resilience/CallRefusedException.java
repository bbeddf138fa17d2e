package com.example.platform.resilience;

import com.example.platform.defaults.WorthWaiting;

import java.io.IOException;

/**
 * Thrown when a call is not made. A caller sees it as what it is, an answer that cannot
 * be had at the moment, only sooner.
 */
public final class CallRefusedException extends IOException implements WorthWaiting {

	private final Reason reason;

	CallRefusedException(CallGuard guard, Reason reason) {
		super("No call is made to " + guard + ": " + switch (reason) {
			case OPEN -> "too many of the last ones failed or were slow";
			case FULL -> "too many are under way";
		});
		this.reason = reason;
	}

	/**
	 * Returns why.
	 * @return the reason
	 */
	public Reason reason() {
		return reason;
	}

	// It is part of normal work under failure: nobody looks at where it came from.
	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

	/**
	 * Why a call is not made.
	 */
	public enum Reason {

		/** The circuit breaker is open. */
		OPEN,

		/** The bulkhead is full. */
		FULL

	}

}
