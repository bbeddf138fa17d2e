package com.example.platform.scheduling.lock;

/**
 * The server that keeps the locks cannot be asked, so that nobody knows who has one. It
 * may be possible later.
 */
public final class LocksUnavailableException extends RuntimeException {

	/**
	 * Says what was asked for.
	 * @param name the name of the lock
	 * @param cause why it cannot be had
	 */
	public LocksUnavailableException(String name, Throwable cause) {
		super("Nobody can say who has the lock '" + name + "': " + cause, cause);
	}

}
