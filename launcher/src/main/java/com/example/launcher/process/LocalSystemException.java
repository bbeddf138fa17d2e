package com.example.launcher.process;

import org.jspecify.annotations.Nullable;

/**
 * A failure in words for the person at the terminal: the message names the cause and the
 * remedy and is shown without a stack trace.
 */
public class LocalSystemException extends RuntimeException {

	public LocalSystemException(String causeAndRemedy) {
		super(causeAndRemedy);
	}

	public LocalSystemException(String causeAndRemedy, @Nullable Throwable cause) {
		super(causeAndRemedy, cause);
	}

}
