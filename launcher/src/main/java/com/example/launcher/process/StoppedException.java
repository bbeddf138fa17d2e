package com.example.launcher.process;

/**
 * What was to start is being stopped on demand: nothing is wrong.
 */
public final class StoppedException extends LocalSystemException {

	public StoppedException() {
		super("Stopped.");
	}

}
