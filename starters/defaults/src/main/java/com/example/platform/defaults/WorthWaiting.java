package com.example.platform.defaults;

import org.jspecify.annotations.Nullable;

/**
 * An exception that says that nothing was tried, and that a try a moment later may well
 * succeed. Who can wait does, instead of giving up.
 */
public interface WorthWaiting {

	/**
	 * Tells whether a failure is one, or was caused by one.
	 * @param failure the failure
	 * @return whether there is one among its causes
	 */
	static boolean isCauseOf(Throwable failure) {
		for (@Nullable
		Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof WorthWaiting) {
				return true;
			}
		}
		return false;
	}

}
